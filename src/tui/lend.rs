//! The terminal on loan to the person's editor: what the studio does until it gets it back.
//!
//! Answers keep coming in; keys are the editor's, and so are `ctrl+c` and `ctrl+\\`. A request to
//! end goes to the editor first.

use super::external::{Editing, Loan};
use super::signals::{self, Asked, Signals};
use super::{Clock, Desk, Exit, Screen, at};
use crate::app::deed::Deed;
use crate::app::effect::Effect;
use crate::app::msg::Msg;
use crate::config::session::Way;
use crate::domain::failure::{Failure, FailureKind};
use crate::store::items::Item;
use std::io;
use std::time::Duration;
use tokio::time::Instant;

/// How long an editor may take to end when the studio is asked to.
const FAREWELL: Duration = Duration::from_secs(1);

impl<C: Clock> Desk<C> {
    /// What needs the terminal itself: the clipboard and the external editor.
    pub(super) async fn hand_over<S: Screen>(
        &mut self,
        screen: &mut S,
        signals: &mut Signals,
    ) -> io::Result<Option<Exit>> {
        let mut asked = None;
        for effect in self.runner.take_for_terminal() {
            match effect {
                Effect::Copy(text) => {
                    let told = taken("copied", &text);
                    self.copied(text, told, screen)?;
                }
                Effect::Cut(text) => {
                    let told = taken("cut", &text);
                    self.copied(text, told, screen)?;
                }
                Effect::CopyAs { text, what } => {
                    self.copied(text, format!("{what} is copied"), screen)?;
                }
                Effect::CopyByTerminal { text, why } => {
                    screen.copy(&text)?;
                    let told = format!("copied by the terminal, as far as it does that: {why}");
                    self.feed(Msg::Told(told));
                }
                Effect::Notify(how, text) => screen.notify(how, &text)?,
                Effect::EditExternally { draft, name, text } => {
                    let loan = Loan {
                        name: &name,
                        text: &text,
                    };
                    let (result, ended) = self.edited(loan, screen, signals).await?;
                    self.feed(Msg::Edited { draft, result });
                    asked = ended;
                }
                Effect::Change(Deed::EditSource(item)) => {
                    asked = self.edit_source(item, screen, signals).await?;
                }
                _ => {}
            }
            self.pacer.now(Instant::now());
        }
        Ok(asked)
    }

    /// Takes a text to the clipboard, and says so once it is there, as far as that can be told.
    fn copied<S: Screen>(&mut self, text: String, told: String, screen: &mut S) -> io::Result<()> {
        match self.runner.way_to_clipboard() {
            Way::Program(program) => self.runner.copy_through(program, text, told),
            Way::Terminal => {
                screen.copy(&text)?;
                self.feed(Msg::Told(told));
            }
            Way::None => {
                let told = format!("{told}, for Copydesk alone: `ui.clipboard` is off");
                self.feed(Msg::Told(told));
            }
        }
        Ok(())
    }

    /// What another program makes of a text, and the end that was asked for meanwhile.
    async fn edited<S: Screen>(
        &mut self,
        loan: Loan<'_>,
        screen: &mut S,
        signals: &mut Signals,
    ) -> io::Result<(Result<String, Failure>, Option<Exit>)> {
        screen.suspend();
        let (edited, asked) = self.lend(loan, signals).await;
        screen.resume()?;
        self.feed(Msg::Resize);
        Ok((edited, asked.map(Exit::Signal)))
    }

    async fn edit_source<S: Screen>(
        &mut self,
        item: Item,
        screen: &mut S,
        signals: &mut Signals,
    ) -> io::Result<Option<Exit>> {
        let source = match self.runner.source(item.clone()).await {
            Ok(source) => source,
            Err(failure) => {
                self.feed(Msg::Changed {
                    deed: Deed::EditSource(item),
                    result: Err(failure),
                });
                return Ok(None);
            }
        };
        let loan = Loan {
            name: "source.md",
            text: &source.0,
        };
        let (edited, asked) = self.edited(loan, screen, signals).await?;
        let msg = self.runner.keep_source(item, source, edited).await;
        self.feed(msg);
        Ok(asked)
    }

    /// Lends the terminal to the person's editor. Nobody polls the input meanwhile; answers keep
    /// coming in. Returns what the text became, and the number of the signal that asked the studio
    /// to end, if one did.
    pub(super) async fn lend(
        &mut self,
        loan: Loan<'_>,
        signals: &mut Signals,
    ) -> (Result<String, Failure>, Option<u8>) {
        let mut asked = None;
        let mut limit = None;
        let result = match Editing::start(loan, &self.runner.editor()) {
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

/// What became of a text, with its size: `cut 2 words`.
fn taken(what: &str, text: &str) -> String {
    let words = crate::domain::text::words(text) as u64;
    format!("{what} {}", crate::domain::text::of_words(words))
}
