//! Signals, as the loop sees them: what asks it to end, to stop for a while, to go on.
//!
//! Never acts by itself, except that [`stop`] stops the process where the loop asks for it.

#[cfg(unix)]
pub use on_unix::{Signals, stop};
#[cfg(not(unix))]
pub use without::{Signals, stop};

/// What a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// To end, and with which number.
    End(u8),
    /// To stop until further notice (`SIGTSTP`).
    Stop,
    /// To go on after a stop.
    Continue,
}

impl Asked {
    /// True for what a person sends to the program in front with `ctrl+c` or `ctrl+\`.
    pub const fn is_typed(self) -> bool {
        matches!(self, Self::End(2 | 3))
    }
}

#[cfg(unix)]
mod on_unix {
    use super::Asked;
    use rustix::process::{Signal as Number, getpid, kill_process};
    use std::future::poll_fn;
    use std::io;
    use std::task::Poll;
    use tokio::signal::unix::{Signal, SignalKind, signal};

    /// The signals that concern the studio, from the moment this is made.
    #[derive(Debug)]
    pub struct Signals(Vec<(Asked, Signal)>);

    impl Signals {
        /// Listens from now on.
        ///
        /// # Errors
        /// When the system does not let it.
        pub fn new() -> io::Result<Self> {
            let kinds = [
                (Asked::End(1), Number::HUP),
                (Asked::End(2), Number::INT),
                (Asked::End(3), Number::QUIT),
                (Asked::End(15), Number::TERM),
                (Asked::Stop, Number::TSTP),
                (Asked::Continue, Number::CONT),
            ];
            let listen = |(asked, number): (Asked, Number)| {
                Ok((asked, signal(SignalKind::from_raw(number.as_raw()))?))
            };
            kinds
                .into_iter()
                .map(listen)
                .collect::<io::Result<_>>()
                .map(Self)
        }

        /// The next one.
        pub async fn next(&mut self) -> Asked {
            poll_fn(|context| {
                let mut all = self.0.iter_mut();
                let came = all.find_map(|(asked, signal)| {
                    signal.poll_recv(context).is_ready().then_some(*asked)
                });
                came.map_or(Poll::Pending, Poll::Ready)
            })
            .await
        }

        /// Forgets what the person typed for another program, which had the terminal.
        pub async fn forget_typed(&mut self) {
            self.forget(Asked::is_typed).await;
        }

        /// Forgets that it may go on: it does.
        pub async fn forget_continue(&mut self) {
            self.forget(|asked| asked == Asked::Continue).await;
        }

        async fn forget(&mut self, which: impl Fn(Asked) -> bool) {
            // The runtime learns of a signal when it looks for events: let it look.
            tokio::task::yield_now().await;
            poll_fn(|context| {
                for (_, signal) in self.0.iter_mut().filter(|(asked, _)| which(*asked)) {
                    while signal.poll_recv(context).is_ready() {}
                }
                Poll::Ready(())
            })
            .await;
        }
    }

    /// Stops this process until it is told to go on.
    pub fn stop() {
        // It may always stop itself.
        let _stopped = kill_process(getpid(), Number::STOP);
    }
}

#[cfg(not(unix))]
mod without {
    use super::Asked;
    use std::future::pending;
    use std::io;

    /// No signal concerns the studio on this system.
    #[derive(Debug)]
    pub struct Signals;

    impl Signals {
        /// Listens to nothing.
        ///
        /// # Errors
        /// Never.
        pub const fn new() -> io::Result<Self> {
            Ok(Self)
        }

        /// Never comes.
        pub async fn next(&mut self) -> Asked {
            pending().await
        }

        /// There is nothing to forget.
        pub async fn forget_typed(&mut self) {}

        /// There is nothing to forget.
        pub async fn forget_continue(&mut self) {}
    }

    /// Nothing can ask for this here.
    pub const fn stop() {}
}
