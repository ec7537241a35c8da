//! The inbox of a thread that writes: many post, one takes what came in batches.
//!
//! Owns when that thread is woken. What can wait gathers without waking it for every piece,
//! because a wake-up costs more than the piece; what somebody waits for wakes it at once. Knows
//! nothing of what is posted.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Something for the thread to do.
pub trait Errand: Sized {
    /// True when somebody waits for it.
    fn is_urgent(&self) -> bool;

    /// Joins those that wait already: behind them, or into one that it continues or overtakes.
    fn gather(self, waiting: &mut Vec<Self>);
}

/// An inbox, and the first way to it.
pub fn inbox<E: Errand>() -> (Post<E>, Inbox<E>) {
    let shared = Arc::new(Shared {
        state: Mutex::new(State {
            waiting: Vec::new(),
            urgent: false,
            posts: 1,
            owner: Owner::Working,
        }),
        news: Condvar::new(),
    });
    (Post(shared.clone()), Inbox(shared))
}

/// A way to the inbox; clones lead to the same one.
#[derive(Debug)]
pub struct Post<E>(Arc<Shared<E>>);

/// The thread's end. Dropping it drops what waits and whatever is posted later.
#[derive(Debug)]
pub struct Inbox<E>(Arc<Shared<E>>);

/// What the thread finds.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken<E> {
    /// Errands, in the order they were posted; never none.
    Errands(Vec<E>),
    /// Nothing came for as long as was asked.
    Quiet,
    /// Nothing is left, and nobody can post any more.
    Over,
}

#[derive(Debug)]
struct Shared<E> {
    state: Mutex<State<E>>,
    news: Condvar,
}

#[derive(Debug)]
struct State<E> {
    waiting: Vec<E>,
    /// One of those that wait is urgent.
    urgent: bool,
    posts: usize,
    owner: Owner,
}

/// What the thread is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// Something else; it looks into the inbox when it is done.
    Working,
    /// Waiting for anything.
    Asleep,
    /// Waiting for more, or for something urgent.
    Gathering,
    /// It has ended.
    Gone,
}

impl<E> Shared<E> {
    /// A thread that panicked left whole errands behind: they are single moves.
    fn lock(&self) -> MutexGuard<'_, State<E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(
        &self,
        state: MutexGuard<'a, State<E>>,
        until: Option<Instant>,
    ) -> MutexGuard<'a, State<E>> {
        match until {
            None => self
                .news
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner),
            Some(until) => {
                let left = until.saturating_duration_since(Instant::now());
                let waited = self.news.wait_timeout(state, left);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
        }
    }
}

impl<E: Errand> Post<E> {
    /// Hands an errand over. One that comes too late is dropped, with whatever answers it.
    pub fn send(&self, errand: E) {
        let mut state = self.0.lock();
        if state.owner == Owner::Gone {
            // Dropped behind the lock: an answer's end may belong to anybody.
            drop(state);
            return drop(errand);
        }
        state.urgent |= errand.is_urgent();
        errand.gather(&mut state.waiting);
        let wake = match state.owner {
            Owner::Asleep => true,
            Owner::Gathering => state.urgent,
            Owner::Working | Owner::Gone => false,
        };
        drop(state);
        if wake {
            self.0.news.notify_one();
        }
    }
}

impl<E> Clone for Post<E> {
    fn clone(&self) -> Self {
        self.0.lock().posts += 1;
        Self(self.0.clone())
    }
}

impl<E> Drop for Post<E> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.posts -= 1;
        let last = state.posts == 0;
        drop(state);
        if last {
            self.0.news.notify_one();
        }
    }
}

impl<E: Errand> Inbox<E> {
    /// Waits for errands, and for more of them up to `gather` after the first unless one is
    /// urgent. With `quiet`, waits no longer than that for the first.
    pub fn take(&self, gather: Duration, quiet: Option<Duration>) -> Taken<E> {
        let mut state = self.0.lock();
        let until = quiet.map(|quiet| Instant::now() + quiet);
        while state.waiting.is_empty() {
            if state.posts == 0 {
                return Taken::Over;
            }
            if until.is_some_and(|until| until <= Instant::now()) {
                return Taken::Quiet;
            }
            state.owner = Owner::Asleep;
            state = self.0.wait(state, until);
            state.owner = Owner::Working;
        }
        let until = Instant::now() + gather;
        while !state.urgent && state.posts > 0 && until > Instant::now() {
            state.owner = Owner::Gathering;
            state = self.0.wait(state, Some(until));
            state.owner = Owner::Working;
        }
        state.urgent = false;
        Taken::Errands(std::mem::take(&mut state.waiting))
    }
}

impl<E> Drop for Inbox<E> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.owner = Owner::Gone;
        let left = std::mem::take(&mut state.waiting);
        drop(state);
        drop(left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    const LONG: Duration = Duration::from_secs(3600);

    #[derive(Debug, PartialEq, Eq)]
    enum Word {
        More(String),
        Now(u8),
    }

    impl Errand for Word {
        fn is_urgent(&self) -> bool {
            matches!(self, Self::Now(_))
        }

        fn gather(self, waiting: &mut Vec<Self>) {
            match (self, waiting.last_mut()) {
                (Self::More(more), Some(Self::More(text))) => text.push_str(&more),
                (word, _) => waiting.push(word),
            }
        }
    }

    fn more(text: &str) -> Word {
        Word::More(text.to_owned())
    }

    #[test]
    fn what_can_wait_gathers_until_something_urgent_comes() {
        let (post, inbox) = inbox();
        let writer = std::thread::spawn(move || inbox.take(LONG, None));
        for text in ["one ", "two ", "three"] {
            post.send(more(text));
        }
        post.send(Word::Now(4));
        let taken = writer.join().unwrap();
        assert_eq!(
            taken,
            Taken::Errands(vec![more("one two three"), Word::Now(4)])
        );
    }

    #[test]
    fn what_can_wait_is_taken_after_its_time() {
        let (post, inbox) = inbox();
        post.send(more("a"));
        let taken = inbox.take(Duration::from_millis(1), None);
        assert_eq!(taken, Taken::Errands(vec![more("a")]));
    }

    #[test]
    fn silence_is_told_and_costs_no_errand() {
        let (post, inbox) = inbox();
        assert_eq!(inbox.take(LONG, Some(Duration::ZERO)), Taken::Quiet);
        post.send(Word::Now(1));
        let taken = inbox.take(LONG, Some(Duration::ZERO));
        assert_eq!(taken, Taken::Errands(vec![Word::Now(1)]));
    }

    #[test]
    fn what_was_posted_last_is_taken_after_the_last_way_is_gone() {
        let (post, inbox) = inbox();
        let second = post.clone();
        drop(post);
        second.send(more("a"));
        let writer = std::thread::spawn(move || (inbox.take(LONG, None), inbox.take(LONG, None)));
        drop(second);
        let (last, end) = writer.join().unwrap();
        assert_eq!(last, Taken::Errands(vec![more("a")]));
        assert_eq!(end, Taken::Over);
    }

    /// An errand that nobody will do must end whoever waits for its answer.
    #[test]
    fn what_comes_too_late_is_dropped() {
        struct Ask {
            _answer: std::sync::mpsc::Sender<()>,
        }
        impl Errand for Ask {
            fn is_urgent(&self) -> bool {
                true
            }
            fn gather(self, waiting: &mut Vec<Self>) {
                waiting.push(self);
            }
        }
        let (post, inbox) = inbox();
        let (first, waits) = channel();
        post.send(Ask { _answer: first });
        drop(inbox);
        assert!(waits.recv().is_err());
        let (second, waits) = channel();
        post.send(Ask { _answer: second });
        assert!(waits.recv().is_err());
    }

    #[test]
    fn everything_posted_from_many_threads_arrives_in_its_order() {
        let (post, inbox) = inbox();
        let writer = std::thread::spawn(move || {
            let mut seen = Vec::new();
            while let Taken::Errands(batch) = inbox.take(Duration::from_micros(50), None) {
                seen.extend(batch.into_iter().map(|word| match word {
                    Word::Now(number) => number,
                    Word::More(_) => 0,
                }));
            }
            seen
        });
        std::thread::scope(|scope| {
            for half in [0_u8, 100] {
                let post = post.clone();
                scope.spawn(move || {
                    for number in 1..=100 {
                        post.send(Word::Now(half + number));
                    }
                });
            }
        });
        drop(post);
        let seen = writer.join().unwrap();
        assert_eq!(seen.len(), 200);
        for low in [1, 101] {
            let order: Vec<_> = seen
                .iter()
                .filter(|n| (low..low + 100).contains(*n))
                .collect();
            assert!(order.is_sorted() && order.len() == 100);
        }
    }
}
