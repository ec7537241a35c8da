//! When to draw: at once for a key, at most 30 times a second for a stream, never when idle.
//!
//! Pure: it is told the time and answers with a moment. It never sleeps and never draws.

use std::time::Duration;
use tokio::time::Instant;

/// Shortest pause between two frames that nobody's key asked for.
pub const FRAME: Duration = Duration::from_millis(33);

/// Decides when the next frame is due.
#[derive(Debug, Default)]
pub struct Pacer {
    last: Option<Instant>,
    due: Option<Instant>,
}

impl Pacer {
    /// Asks for a frame at once.
    pub fn now(&mut self, now: Instant) {
        self.due = Some(now);
    }

    /// Asks for a frame within [`FRAME`] of the last one.
    pub fn soon(&mut self, now: Instant) {
        let at = self.last.map_or(now, |last| (last + FRAME).max(now));
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }

    /// When the next frame is due; `None` while nothing has changed.
    pub const fn deadline(&self) -> Option<Instant> {
        self.due
    }

    /// True when a frame is due; it is then taken as drawn.
    pub fn take(&mut self, now: Instant) -> bool {
        let due = self.due.is_some_and(|due| due <= now);
        if due {
            self.due = None;
            self.last = Some(now);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_draws_nothing() {
        let mut pacer = Pacer::default();
        assert_eq!(pacer.deadline(), None);
        assert!(!pacer.take(Instant::now()));
    }

    #[test]
    fn a_burst_is_one_frame() {
        let start = Instant::now();
        let mut pacer = Pacer::default();
        pacer.soon(start);
        assert!(pacer.take(start));
        for step in 1..30 {
            pacer.soon(start + Duration::from_millis(step));
            assert!(!pacer.take(start + Duration::from_millis(step)));
        }
        assert_eq!(pacer.deadline(), Some(start + FRAME));
        assert!(pacer.take(start + FRAME));
        assert_eq!(pacer.deadline(), None);
    }

    #[test]
    fn a_key_does_not_wait_for_the_stream() {
        let start = Instant::now();
        let mut pacer = Pacer::default();
        pacer.now(start);
        assert!(pacer.take(start));
        let key = start + Duration::from_millis(1);
        pacer.soon(key);
        pacer.now(key);
        assert!(pacer.take(key));
    }

    #[test]
    fn a_stream_cannot_push_a_frame_further_away() {
        let start = Instant::now();
        let mut pacer = Pacer::default();
        pacer.now(start);
        pacer.soon(start + Duration::from_millis(5));
        assert_eq!(pacer.deadline(), Some(start));
    }
}
