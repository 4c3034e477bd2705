//! Answering what is due: a tick that finds out by itself what has not been answered, so that a hub that was down
//! misses no batch and answers none twice.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use prison::PrisonId;
use tokio::sync::watch;

use super::Applications;
use super::screen::{Finding, Known, screen};
use crate::custody::Custody;
use crate::service::Hub;
use crate::store::{Application, Conflict, Found, MatchKind, Screened, Store, StoreError};

/// How often a running hub looks for what is due.
const TICK: Duration = Duration::from_secs(2);
/// A prison whose applications are screened anew so often, because bars or cases changed in between, is left to the
/// next tick.
const TRIES: usize = 10;

/// What answering needs: a hub, or a command at its machine.
pub struct Answering<'a> {
    /// The store.
    pub store: &'a Store,
    /// Who is in custody.
    pub custody: &'a Custody,
    /// When batches are answered, and what is known.
    pub applications: &'a Applications,
    /// The time, UTC.
    pub now: Timestamp,
}

/// What was answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// Applications.
    pub applications: usize,
    /// Prisons, each in one transaction.
    pub prisons: usize,
    /// Prisons that could not be answered now.
    pub waiting: usize,
}

/// Answers what is due, again and again, until told to stop.
pub async fn tend(hub: Arc<Hub>, mut stopping: watch::Receiver<bool>) {
    loop {
        let answering = Answering {
            store: &hub.store,
            custody: &hub.custody,
            applications: &hub.applications,
            now: hub.seams.clock.now(),
        };
        match answering.run().await {
            Ok(Answered { applications: 0, .. }) => {}
            Ok(answered) => tracing::info!(
                applications = answered.applications,
                prisons = answered.prisons,
                "contact applications are answered"
            ),
            Err(error) => tracing::error!(%error, "contact applications wait"),
        }
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            _ = stopping.changed() => return,
        }
    }
}

impl Answering<'_> {
    /// Screens what does not wait, then answers every prison's batch that is due.
    pub async fn run(&self) -> Result<Answered, StoreError> {
        self.screen_what_does_not_wait().await?;
        let cut = self.applications.times.latest(self.now);
        let mut answered = Answered::default();
        for prison in self.store.prisons_to_answer(cut).await? {
            match self.answer(prison, cut).await? {
                Some(applications) => {
                    answered.applications += applications;
                    answered.prisons += 1;
                }
                None => answered.waiting += 1,
            }
        }
        Ok(answered)
    }

    /// One prison's batch, in one transaction. `None` if everything changed too fast.
    async fn answer(&self, prison: PrisonId, cut: Timestamp) -> Result<Option<usize>, StoreError> {
        for _ in 0..TRIES {
            let known = self.applications.known(self.store).await?;
            let waiting = self.store.applications_to_answer(prison, cut).await?;
            let screened = self.screen(&known, waiting).await?;
            match self
                .store
                .answer_applications(known.protected.mark, &screened)
                .await
            {
                Err(StoreError::Conflict(Conflict::Changed)) => {}
                answered => return answered.map(Some),
            }
        }
        Ok(None)
    }

    async fn screen_what_does_not_wait(&self) -> Result<(), StoreError> {
        let new = self.store.applications_to_screen().await?;
        if new.is_empty() {
            return Ok(());
        }
        for _ in 0..TRIES {
            let known = self.applications.known(self.store).await?;
            let screened = self.screen(&known, new.clone()).await?;
            match self.store.keep_screening(known.protected.mark, &screened).await {
                Err(StoreError::Conflict(Conflict::Changed)) => {}
                kept => return kept,
            }
        }
        Ok(())
    }

    async fn screen(
        &self,
        known: &Arc<Known>,
        waiting: Vec<Application>,
    ) -> Result<Vec<Screened>, StoreError> {
        let mut screened = Vec::with_capacity(waiting.len());
        for application in waiting {
            let finding = screen(&application, known, self.custody, self.now);
            screened.push(self.with_cases(application, finding).await?);
            // Others have their turn between two applications.
            tokio::task::yield_now().await;
        }
        Ok(screened)
    }

    /// An address is found by its bar; its case is on record.
    async fn with_cases(&self, application: Application, finding: Finding) -> Result<Screened, StoreError> {
        let mut found = finding.people;
        if let Some((bar, evidence)) = finding.address {
            found.push(Found {
                case: self.store.bar(bar).await?.bar.case,
                kind: MatchKind::Address,
                evidence,
            });
        }
        Ok(Screened {
            application,
            numbers: finding.numbers,
            found,
        })
    }
}
