//! What ends a command before its time: the person's ctrl+c, the system's request to end, and a
//! terminal that goes away.
//!
//! `SIGHUP` is left alone where it is ignored: a command under `nohup` must go on.

use crate::domain::failure::FailureKind;

/// Waits for any of them. Nothing is lost between two looks at the same future.
pub(super) async fn interruption() -> FailureKind {
    tokio::select! {
        _ = tokio::signal::ctrl_c() => FailureKind::Interrupted,
        () = on_unix::termination() => FailureKind::Terminated,
        () = on_unix::hang_up() => FailureKind::HungUp,
    }
}

#[cfg(unix)]
mod on_unix {
    use tokio::signal::unix::{SignalKind, signal};

    pub(super) async fn termination() {
        sent(SignalKind::terminate()).await;
    }

    pub(super) async fn hang_up() {
        if is_left_to_us() {
            sent(SignalKind::hangup()).await;
        } else {
            std::future::pending::<()>().await;
        }
    }

    async fn sent(kind: SignalKind) {
        match signal(kind) {
            Ok(mut asked) => {
                let _asked = asked.recv().await;
            }
            // Where nobody can listen, the system ends the process as ever.
            Err(_) => std::future::pending().await,
        }
    }

    /// Whether `SIGHUP` was not ignored when this process began: whoever listens to it would undo
    /// that. Where the system does not tell, it is left alone.
    fn is_left_to_us() -> bool {
        let status = std::fs::read_to_string("/proc/self/status");
        status.is_ok_and(|status| !is_ignored(&status).unwrap_or(true))
    }

    /// Whether the first signal, which is `SIGHUP`, is among those that are ignored.
    fn is_ignored(status: &str) -> Option<bool> {
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("SigIgn:"))?;
        let ignored = u64::from_str_radix(line.trim(), 16).ok()?;
        Some(ignored & 1 == 1)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn the_first_bit_stands_for_a_hang_up() {
            let of = |mask: &str| is_ignored(&format!("Name:\tx\nSigIgn:\t{mask}\n"));
            assert_eq!(of("0000000000001000"), Some(false));
            assert_eq!(of("0000000000001001"), Some(true));
            assert_eq!(of(""), None);
        }
    }
}

#[cfg(not(unix))]
mod on_unix {
    pub(super) async fn termination() {
        std::future::pending().await
    }

    pub(super) async fn hang_up() {
        std::future::pending().await
    }
}
