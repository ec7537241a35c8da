//! Templates: front matter that declares inputs, and a body that is a Jinja prompt.
