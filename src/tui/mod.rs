//! The one async shell around the pure core: the loop, the terminal, the clock, the Runner.
//!
//! Everything that happens becomes a message; every effect goes to the Runner. Drawing happens
//! outside the `select!`, so that neither keys nor tokens can starve it.

pub mod decode;
pub mod deeds;
pub mod external;
mod furnished;
pub mod input;
mod journal;
mod lend;
pub mod outside;
pub mod pacer;
mod queue;
pub mod runner;
pub mod saved;
mod screen;
pub mod signals;
mod surface;
pub mod terminal;

use crate::app::App;
use crate::app::effect::Effect;
use crate::app::msg::{Msg, Now};
use crate::app::tour::Beginning;
use crate::config::session::Session;
use crate::config::theme::Depth;
use crate::config::{Notify, Settings};
use crate::store::paths::Paths;
use crate::view::Cache;
use furnished::Furniture;
use futures_util::{Stream, StreamExt};
use pacer::Pacer;
use runner::{Leaving, Runner};
pub use screen::{Clock, Screen, SystemClock};
use signals::{Asked, Signals};
use std::collections::BTreeSet;
use std::future::{pending, poll_fn};
use std::io;
use std::path::PathBuf;
use std::task::Poll;
use std::time::Duration;
use terminal::Reports;
use tokio::time::{Instant, sleep_until};

/// Messages taken in one turn of the loop before it looks at the screen again.
const TURN: usize = 64;

/// How the studio ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The person left.
    Quit,
    /// The terminal went away.
    Vanished,
    /// A signal asked it to end.
    Signal(u8),
}

impl Exit {
    /// The exit code of the process.
    pub const fn code(self) -> u8 {
        match self {
            Self::Quit => 0,
            Self::Vanished => 129,
            Self::Signal(number) => 128 + number,
        }
    }
}

/// Opens the studio on the terminal, with a file if one was named, and stays until the person
/// leaves.
///
/// # Errors
/// When there is no terminal, or the runtime cannot start.
pub fn start(
    paths: Paths,
    (settings, depth): (Settings, Depth),
    beginning: Beginning,
) -> io::Result<Exit> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .thread_keep_alive(Duration::from_secs(1))
        .build()?;
    let reports = Reports {
        mouse: settings.mouse,
        focus: settings.notify != Notify::Off,
    };
    let mut odd = settings.warnings.clone();
    odd.extend(settings.problem.iter().map(ToString::to_string));
    let furniture = Furniture::read(&paths, settings.appearance.theme.as_deref());
    let exit = runtime.block_on(async {
        let clock = SystemClock;
        let mut runner = Runner::new(paths, settings.clone());
        runner.join_session(Session::of_process());
        let mut app = App::new(settings, seed(clock.now()));
        odd.extend(furniture.put_into(&mut app));
        let named = furnished::begin(&mut app, beginning);
        app.pasting.reads = runner.may_read_clipboard();
        let mut screen = terminal::RealScreen::take(Cache::new(depth), reports)?;
        if !odd.is_empty() {
            app.warn(clock.now(), odd.join(" · "));
        }
        Desk {
            app,
            runner,
            clock,
            pacer: Pacer::default(),
            wakes: BTreeSet::new(),
            named,
        }
        .run(&mut screen, input::open)
        .await
    });
    runtime.shutdown_timeout(Duration::from_millis(200));
    exit
}

fn seed(now: Now) -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one((now.0, std::process::id()))
}

/// The loop's own state.
pub struct Desk<C: Clock> {
    /// The model.
    pub app: App,
    /// What does things.
    pub runner: Runner,
    /// What tells the time.
    pub clock: C,
    /// What decides when to draw.
    pub pacer: Pacer,
    /// Moments the model wants to be woken at.
    pub wakes: BTreeSet<u64>,
    /// The file to begin with.
    pub named: Option<PathBuf>,
}

impl<C: Clock> Desk<C> {
    /// Runs until the person leaves, a signal comes or the terminal goes away. Whatever it was,
    /// saves that were asked for are finished first.
    ///
    /// # Errors
    /// When the terminal cannot be drawn on.
    pub async fn run<S: Screen, I, O>(&mut self, screen: &mut S, open: O) -> io::Result<Exit>
    where
        I: Stream<Item = Msg> + Unpin,
        O: FnOnce() -> io::Result<I>,
    {
        let end = match self.turns(screen, open).await {
            Err(error) if has_vanished(&error) => Ok(Exit::Vanished),
            end => end,
        };
        let leaving = match end {
            Ok(Exit::Quit) => Leaving::Asked,
            _ => Leaving::Forced,
        };
        self.runner.finish(leaving).await;
        end
    }

    async fn turns<S: Screen, I, O>(&mut self, screen: &mut S, open: O) -> io::Result<Exit>
    where
        I: Stream<Item = Msg> + Unpin,
        O: FnOnce() -> io::Result<I>,
    {
        let mut input = open()?;
        let mut signals = Signals::new()?;
        // From here on no change of size is missed; one before it might have been.
        screen.forget()?;
        self.draw(screen)?;
        if let Some(file) = self.named.take() {
            self.feed(Msg::Named(file));
        }
        self.execute(App::start());
        loop {
            tokio::select! { biased;
                asked = signals.next() => match asked {
                    Asked::End(number) => return Ok(Exit::Signal(number)),
                    Asked::Stop => {
                        self.step_back(screen, signals::stop)?;
                        signals.forget_continue().await;
                    }
                    // Whoever stopped it unasked has had the terminal since.
                    Asked::Continue => self.step_back(screen, || {})?,
                },
                typed = input.next() => {
                    let Some(msg) = typed else {
                        return Ok(Exit::Vanished);
                    };
                    self.take_typed(msg, &mut input, screen).await?;
                }
                Some(msg) = self.runner.recv() => self.take_answer(msg),
                () = at(self.pacer.deadline()) => {}
                () = until(self.wakes.first().copied(), &self.clock) => {
                    self.wakes.pop_first();
                    self.feed(Msg::Tick);
                    self.pacer.soon(Instant::now());
                }
            }
            for _ in 0..TURN {
                let Some(msg) = self.runner.try_recv() else {
                    break;
                };
                self.take_answer(msg);
            }
            if let Some(exit) = self.hand_over(screen, &mut signals).await? {
                return Ok(exit);
            }
            if self.app.is_done() {
                return Ok(Exit::Quit);
            }
            if self.pacer.take(Instant::now()) {
                self.draw(screen)?;
            } else {
                screen.keep_up(&self.app);
            }
        }
    }

    /// Takes an answer. The lists are what a person waits for at the start, a draft when they asked
    /// for it, and the first that a search finds; none of it waits for the frame of something that
    /// came a moment before it.
    fn take_answer(&mut self, msg: Msg) {
        let awaited = match &msg {
            Msg::Library { .. } | Msg::FirstDrafts(_) | Msg::DraftOpened { .. } => true,
            Msg::Found(found) => self.app.waits_for(found),
            _ => false,
        };
        self.feed(msg);
        let now = Instant::now();
        if awaited {
            self.pacer.now(now);
        } else {
            self.pacer.soon(now);
        }
    }

    /// Takes what was typed, up to a turn of it, so that a burst costs one frame.
    async fn take_typed<S: Screen, I>(
        &mut self,
        msg: Msg,
        input: &mut I,
        screen: &mut S,
    ) -> io::Result<()>
    where
        I: Stream<Item = Msg> + Unpin,
    {
        let mut resized = matches!(msg, Msg::Resize);
        let mut shows = is_shown(&msg);
        self.feed(msg);
        for _ in 1..TURN {
            let Some(msg) = waiting(input).await else {
                break;
            };
            resized |= matches!(msg, Msg::Resize);
            shows |= is_shown(&msg);
            self.feed(msg);
        }
        if resized {
            // Between two sizes that are the same, the terminal may have cut lines.
            screen.forget()?;
        }
        if shows {
            self.pacer.now(Instant::now());
        }
        Ok(())
    }

    /// Gives the terminal back, lets `meanwhile` happen and takes the terminal again, which may
    /// have another size now.
    fn step_back<S: Screen>(&mut self, screen: &mut S, meanwhile: impl FnOnce()) -> io::Result<()> {
        screen.suspend();
        meanwhile();
        screen.resume()?;
        self.feed(Msg::Resize);
        self.pacer.now(Instant::now());
        Ok(())
    }

    fn draw<S: Screen>(&mut self, screen: &mut S) -> io::Result<()> {
        let areas = screen.draw(&self.app)?;
        if self.app.on_drawn(areas) {
            let areas = screen.draw(&self.app)?;
            self.app.on_drawn(areas);
        }
        Ok(())
    }

    fn feed(&mut self, msg: Msg) {
        let effects = self.app.update(self.clock.now(), msg);
        self.execute(effects);
    }

    fn execute(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::WakeAt(moment) => {
                    self.wakes.insert(moment);
                }
                effect => self.runner.execute(effect),
            }
        }
    }
}

/// Whether the screen may look otherwise after a message: where the person looks changes nothing.
const fn is_shown(msg: &Msg) -> bool {
    !matches!(msg, Msg::Looks(_))
}

/// Whether a failed write means that there is no terminal any more.
fn has_vanished(error: &io::Error) -> bool {
    #[cfg(unix)]
    let gone = {
        use rustix::io::Errno;
        let gone = [
            Errno::IO,
            Errno::NXIO,
            Errno::NODEV,
            Errno::BADF,
            Errno::PIPE,
        ];
        Errno::from_io_error(error).is_some_and(|errno| gone.contains(&errno))
    };
    #[cfg(not(unix))]
    let gone = error.kind() == io::ErrorKind::BrokenPipe;
    gone
}

/// A message that is there already. It is asked for with the loop's own waker: crossterm's stream
/// keeps the first waker it sees until an event comes, so a throw-away one would lose that event.
async fn waiting<I: Stream<Item = Msg> + Unpin>(input: &mut I) -> Option<Msg> {
    poll_fn(|context| match input.poll_next_unpin(context) {
        Poll::Ready(msg) => Poll::Ready(msg),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => pending().await,
    }
}

async fn until(moment: Option<u64>, clock: &impl Clock) {
    match moment {
        Some(moment) => {
            tokio::time::sleep(Duration::from_millis(moment.saturating_sub(clock.now().0))).await;
        }
        None => pending().await,
    }
}
