//! A platform that speaks plain HTTP: `GET hook` is answered with
//! `{"calls":[{"id":"7f3a","caller":"A1234AA","dialled":"+447700900123"}]}`, and `POST hook/ID/end` with any 2xx
//! once the call is ended, or with 404 or 410 if there is no such call any more.

use serde::Deserialize;

use super::{Ending, LiveCall, NotListed, Platform};

#[derive(Deserialize)]
struct Listed {
    calls: Vec<Call>,
}

#[derive(Deserialize)]
struct Call {
    id: String,
    caller: String,
    dialled: String,
}

pub(super) async fn calls(platform: &Platform) -> Result<Vec<LiveCall>, NotListed> {
    let (status, bytes) = platform.ask(platform.client.get(platform.hook.clone())).await?;
    if !(200..300).contains(&status) {
        return Err(NotListed::Declined(status));
    }
    let listed: Listed = serde_json::from_slice(&bytes).map_err(|_| NotListed::Malformed)?;
    let calls = listed.calls.into_iter();
    Ok(calls
        .map(|Call { id, caller, dialled }| LiveCall { id, caller, dialled })
        .collect())
}

pub(super) async fn end(platform: &Platform, call: &LiveCall) -> Ending {
    let mut hook = platform.hook.clone();
    // A name that would be another path is not one that can be asked for.
    if matches!(call.id.as_str(), "." | "..") {
        return Ending::NotEnded;
    }
    match hook.path_segments_mut() {
        Ok(mut path) => drop(path.pop_if_empty().push(&call.id).push("end")),
        Err(()) => return Ending::NotEnded,
    }
    match platform.ask(platform.client.post(hook)).await {
        Ok((200..=299, _)) => Ending::Ended,
        Ok((404 | 410, _)) => Ending::Gone,
        _ => Ending::NotEnded,
    }
}
