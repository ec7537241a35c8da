//! What the loop stands on: something to draw on, and something that tells the time.

use crate::app::App;
use crate::app::areas::Areas;
use crate::app::msg::Now;
use crate::config::Notify;
use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

/// What the loop draws on.
pub trait Screen {
    /// Draws the model and reports where things are.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn draw(&mut self, app: &App) -> io::Result<Areas>;
    /// Readies what the next frame will show, between frames.
    fn keep_up(&mut self, _app: &App) {}
    /// Hands the terminal to another program.
    fn suspend(&mut self);
    /// Forgets what is on the terminal, so that the next frame draws every cell.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn forget(&mut self) -> io::Result<()>;
    /// Takes it back.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn resume(&mut self) -> io::Result<()>;
    /// Puts text on the clipboard.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn copy(&mut self, text: &str) -> io::Result<()>;
    /// Tells a person who looks elsewhere.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn notify(&mut self, how: Notify, text: &str) -> io::Result<()>;
}

/// Tells the time.
pub trait Clock {
    /// The moment now.
    fn now(&self) -> Now;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Now {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Now(since.as_millis() as u64)
    }
}
