//! `copydesk practice`: the practice engine as a server of its own, for trying other clients.

use super::Outcome;
use super::outlet::Outlet;
use crate::domain::failure::{Failure, FailureKind};
use crate::provider::practice::{self, Pace};

/// Flags of `practice`.
#[derive(Debug, clap::Args)]
pub(super) struct PracticeArgs {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Stream as fast as the connection takes it
    #[arg(long)]
    fast: bool,
}

/// Serves until interrupted.
pub(super) fn run(args: &PracticeArgs, outlet: &Outlet) -> Outcome {
    let failed = |error: std::io::Error| {
        Failure::new(
            FailureKind::Network,
            format!("cannot listen on 127.0.0.1:{}", args.port),
        )
        .why(error.to_string())
        .advice("choose another --port")
    };
    let pace = if args.fast { Pace::Full } else { Pace::Human };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    runtime.block_on(async {
        let listener = practice::listen(args.port).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        outlet.line(&format!("http://{address}/v1"))?;
        tokio::select! {
            ended = practice::serve(listener, pace) => ended.map(|()| 0).map_err(failed),
            _ = tokio::signal::ctrl_c() => Ok(130),
        }
    })
}
