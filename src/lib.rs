//! Copydesk: a content studio for the terminal.
//!
//! A person picks a template, fills in a form, watches the text stream in, edits it and keeps it.
//! The screen, with the names the code uses for its parts:
//!
//! ```text
//!  title      view::title     what is open, provider and model, size of the prompt
//! ╭ Template ──────╮╭ Editor ─────────────╮╭ Output ──────────────╮
//! │ app::browser   ││ app::editor         ││ app::output          │
//! │  tabs, list,   ││  an open document   ││  variants of the run │
//! │  preview       ││   domain::document  ││   view::markdown     │
//! │ or app::form   ││   app::refine       ││  verbs               │
//! │  fields        ││  tab Prompt         ││  tab Ask  app::ask   │
//! │                ││   domain::render    ││                      │
//! ╰────────────────╯╰─────────────────────╯╰──────────────────────╯
//!  status     view::status    keys of the focused pane, notice, word meter
//!             app::dialog     boxes over it: help, palette, confirm
//!             app::switcher   the box that lists what is open and what can be opened
//!             app::work   the box that lists what goes on
//! ```
//!
//! A module imports only from the floors below it: `cli` and `tui`, `view`, `app`, `config`,
//! `store` and `provider`, `domain`. `docs/ARCHITECTURE.md` tells the walks of a key and a token.

pub mod app;
pub mod cli;
pub mod config;
pub mod domain;
pub mod provider;
pub mod store;
pub mod tui;
pub mod view;
