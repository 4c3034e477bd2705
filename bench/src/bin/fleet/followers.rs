//! Followers in one process: the gate's own code that verifies, applies, stores and acknowledges, as many times
//! as there are gates, over one disk.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use arc_swap::ArcSwapOption;
use gate::answer::InForce;
use gate::config::Config;
use gate::follow::{Follower, Keeper};
use gate::hold::Hold;
use gate::identity::{Identity, state_key};
use gate::report::Spooled;
use gate::seams::Seams;
use gate::status::Standing;
use phone::PhoneNumber;

use crate::house::{House, number};
use crate::watch::Measured;

/// The pause between two looks at every list, for each list and at the least: what looking costs must not be a share
/// of what is measured.
const LOOK_EVERY: (Duration, Duration) = (Duration::from_micros(10), Duration::from_millis(5));
/// How long a bar may take.
const REFUSED_WITHIN: Duration = Duration::from_secs(120);
/// How long followers may take to hold a list.
const READY_WITHIN: Duration = Duration::from_secs(600);

/// Starts the followers, imposes the bars and measures.
pub(crate) fn measure(house: &mut House, bars: usize) -> Result<Measured> {
    let runtime = upcs::cli::runtime()?;
    let client = reqwest::Client::builder().no_proxy().build()?;
    let mut lists: Vec<InForce> = Vec::new();
    for (_, config) in &house.gates {
        let (list, follower) = follower(config, &client)?;
        lists.push(list);
        runtime.spawn(follower.follow());
    }
    until(&lists, READY_WITHIN, |list| list.load().is_some())?;
    let mut measured = Measured::asking_every(look_every(lists.len()));
    let before = house.hub_cpu()?;
    for at in 0..bars {
        let number = phone::resolve(&number(at), None)
            .map_err(anyhow::Error::from)
            .context("a number of the bench resolves")?
            .number;
        ensure!(
            !lists.iter().any(|list| refuses(list, &number)),
            "number {at} does not ring before it is barred"
        );
        let (filed, refused) = thread::scope(|scope| {
            let looking = scope.spawn(|| until(&lists, REFUSED_WITHIN, |list| refuses(list, &number)));
            let filed = house.bar(at)?;
            let refused = looking
                .join()
                .map_err(|_| anyhow::anyhow!("looking at the lists ended by a fault"))??;
            Ok::<_, anyhow::Error>((filed, refused))
        })?;
        let (began, receipt) = filed;
        let since = |at: &Instant| at.saturating_duration_since(began);
        measured.add(receipt, refused.iter().map(since).collect());
    }
    measured.hub_took(house.hub_cpu()?.saturating_sub(before));
    Ok(measured)
}

/// One follower, as a gate has it.
fn follower(config: &Path, client: &reqwest::Client) -> Result<(InForce, Follower)> {
    let config = Config::load(config)?;
    let seams = Seams::real();
    let key = state_key(&config, &seams)?;
    let identity = Identity::load(&config, &seams, &key)?;
    let (hold, _) = Hold::open(seams.clone(), config.state_dir.clone(), config.mark_file(), key)?;
    let list: InForce = Arc::new(ArcSwapOption::empty());
    let standing = Arc::new(Standing::new(
        config.prison,
        Arc::clone(&list),
        Arc::new(Spooled::default()),
    ));
    let keeper = Keeper::new(hold, Arc::clone(&list), Arc::clone(&standing));
    let follower = Follower {
        client: client.clone(),
        hub: identity.hub.clone(),
        seams,
        config,
        keeper: Arc::new(Mutex::new(keeper)),
        standing,
        identity,
    };
    Ok((list, follower))
}

fn refuses(list: &InForce, number: &PhoneNumber) -> bool {
    list.load()
        .as_ref()
        .is_some_and(|list| list.asked(number).is_barred(None))
}

fn look_every(lists: usize) -> Duration {
    let (each, least) = LOOK_EVERY;
    least.max(each * lists as u32)
}

/// Looks at every list until all are so; says when each was first seen so.
fn until(lists: &[InForce], within: Duration, is_so: impl Fn(&InForce) -> bool) -> Result<Vec<Instant>> {
    let began = Instant::now();
    let mut seen = vec![None; lists.len()];
    loop {
        for (list, seen) in lists.iter().zip(&mut seen) {
            if seen.is_none() && is_so(list) {
                *seen = Some(Instant::now());
            }
        }
        if !seen.contains(&None) {
            return Ok(seen.into_iter().flatten().collect());
        }
        ensure!(
            began.elapsed() < within,
            "{} of {} followers are not there within {within:?}",
            seen.iter().filter(|seen| seen.is_none()).count(),
            seen.len()
        );
        #[expect(
            clippy::disallowed_methods,
            reason = "looking all the time would take the followers' core"
        )]
        thread::sleep(look_every(lists.len()));
    }
}
