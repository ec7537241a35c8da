//! What the rigs share. Nothing here asserts about Copydesk itself.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::panic,
    reason = "every test crate uses its own part of the rigs, and a rig fails by panicking"
)]

pub mod boxes;
pub mod cli;
pub mod crowd;
pub mod hostile;
pub mod keys;
pub mod picture;
pub mod pty;
pub mod saver;
pub mod screen;
pub mod server;
pub mod strace;
pub mod studio;

/// Says a line whether the test passes or not, past the harness: a skipped test, a measured time.
pub fn aloud(line: &str) {
    use std::io::Write;
    // When nobody listens, there is nobody to tell.
    let _gone = std::io::stderr().write_all(format!("{line}\n").as_bytes());
}
