//! Renders a template and a brief to a prompt, once, with limits.
