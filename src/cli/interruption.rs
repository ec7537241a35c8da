//! What ends a command before its time: the person's ctrl+c, and the system's request to end.
//!
//! `SIGHUP` is left alone: a command under `nohup` must go on.

use crate::domain::failure::FailureKind;

/// Waits for either of them. Nothing is lost between two looks at the same future.
pub(super) async fn interruption() -> FailureKind {
    tokio::select! {
        _ = tokio::signal::ctrl_c() => FailureKind::Interrupted,
        () = termination() => FailureKind::Terminated,
    }
}

#[cfg(unix)]
async fn termination() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut asked) => {
            let _asked = asked.recv().await;
        }
        // Where nobody can listen, the system ends the process as ever.
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn termination() {
    std::future::pending().await
}
