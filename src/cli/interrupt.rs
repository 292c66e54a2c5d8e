//! Ctrl-C.

use tokio::runtime::Runtime;
use tokio::sync::watch;

/// Has the user asked for an end? From the moment that somebody listens, Ctrl-C does no more than say
/// so; a second one ends the program.
#[derive(Clone)]
pub(super) struct Interrupt(watch::Receiver<bool>);

impl Interrupt {
    pub(super) fn listen(runtime: &Runtime) -> Self {
        let (came, listener) = watch::channel(false);
        runtime.spawn(async move {
            // Without a handler Ctrl-C ends the program as ever.
            if tokio::signal::ctrl_c().await.is_err() {
                return std::future::pending().await;
            }
            // Whoever listened may be done.
            let _ = came.send(true);
            if tokio::signal::ctrl_c().await.is_ok() {
                std::process::exit(130);
            }
        });
        Self(listener)
    }

    /// Completes when it comes, or at once if it came.
    pub(super) async fn came(mut self) {
        if self.0.wait_for(|came| *came).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
