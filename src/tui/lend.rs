//! The terminal on loan to the person's editor: what the studio does until it gets it back.
//!
//! Answers keep coming in; keys are the editor's, and so are `ctrl+c` and `ctrl+\\`. A request to
//! end goes to the editor first.

use super::external::Editing;
use super::signals::{self, Asked, Signals};
use super::{Clock, Desk, at};
use crate::domain::failure::{Failure, FailureKind};
use std::time::Duration;
use tokio::time::Instant;

/// How long an editor may take to end when the studio is asked to.
const FAREWELL: Duration = Duration::from_secs(1);

impl<C: Clock> Desk<C> {
    /// Lends the terminal to the person's editor. Nobody polls the input meanwhile; answers keep
    /// coming in. Returns what the text became, and the number of the signal that asked the studio
    /// to end, if one did.
    pub(super) async fn lend(
        &mut self,
        text: &str,
        signals: &mut Signals,
    ) -> (Result<String, Failure>, Option<u8>) {
        let mut asked = None;
        let mut limit = None;
        let result = match Editing::start(text, &self.runner.editor()) {
            Err(failure) => Err(failure),
            Ok(mut editing) => loop {
                tokio::select! { biased;
                    result = editing.end() => break result,
                    signal = signals.next() => match signal {
                        // Meant for the editor, which is in front of it.
                        signal if signal.is_typed() => {}
                        Asked::End(number) => {
                            editing.pass_on(number);
                            asked = Some(number);
                            limit = Some(Instant::now() + FAREWELL);
                        }
                        Asked::Stop => signals::stop(),
                        Asked::Continue => {}
                    },
                    Some(msg) = self.runner.recv() => self.feed(msg),
                    () = at(limit) => break Err(Failure::new(
                        FailureKind::Other,
                        "the external editor did not end when it was asked to",
                    )),
                }
            },
        };
        signals.forget_typed().await;
        (result, asked)
    }
}
