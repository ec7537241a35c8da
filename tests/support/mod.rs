//! What the rigs share. Nothing here asserts about Copydesk itself.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::panic,
    reason = "every test crate uses its own part of the rigs, and a rig fails by panicking"
)]

pub mod cli;
pub mod hostile;
pub mod keys;
pub mod picture;
pub mod pty;
pub mod screen;
pub mod server;
pub mod studio;
