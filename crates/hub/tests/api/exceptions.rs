//! Exceptions on the way to a gate under call barring: what the gate is told, what the proof says, and that a hub which
//! was started again knows which list it has to expect.

use casework::{BarId, ProposedChange};
use feed::{Body, Regime};

use crate::feed_stream::an_hour_later;
use crate::gate::{Lines, TestGate};
use crate::support::{TestHub, police_request};

const NUMBER: &str = "07700 900123";
const SON: &str = "A1234BC";
const CELLMATE: &str = "A5678DE";

/// Two prisoners at Leeds, under call barring, and a gate that holds its list since an hour after that was so.
async fn leeds() -> (TestHub, TestGate, Lines) {
    let (hub, url, leeds) = TestHub::with_leeds(Regime::CallBarring).await;
    let mut gate = TestGate::admitted(&hub, &url, leeds, 1).await;
    let received = [SON, CELLMATE].map(|number| {
        let mut record = offender::PrisonerRecord::new(number.parse().unwrap(), "Ivan", "Invented");
        record.prison_id = Some(leeds);
        record
    });
    hub.hub.store.import_prisoners(received.to_vec()).await.unwrap();
    let hub = hub.restarted_with(an_hour_later()).await;
    gate.url = hub.serve().await;
    let mut lines = gate.follow().await.unwrap();
    gate.apply(&lines.next().await.unwrap());
    (hub, gate, lines)
}

async fn bar(hub: &TestHub) -> BarId {
    let key = hub.police_key().await;
    let filed = hub
        .post("/v1/requests", Some(&key), &police_request(&[NUMBER]))
        .await;
    filed.json()["targets"][0]["bar"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap()
}

async fn except(hub: &TestHub, bar: BarId, prisoner: &str) {
    let (store, [one, two]) = (&hub.hub.store, [&hub.handler, &hub.second_handler]);
    let change = ProposedChange::ExceptPrisoner {
        bar,
        prison: "LEI".parse().unwrap(),
        prisoner: prisoner.parse().unwrap(),
    };
    let proposal = store.propose(one, change, "her son").await.unwrap();
    store.approve(two, proposal).await.unwrap();
}

async fn end(hub: &TestHub, bar: BarId, prisoner: &str) {
    let (store, by) = (&hub.hub.store, &hub.handler);
    let case = store.bar(bar).await.unwrap().bar.case;
    let shown = store.open_case(by, case).await.unwrap().exceptions.rows;
    let his = shown
        .iter()
        .find(|one| one.prisoner.as_str() == prisoner)
        .unwrap();
    store.end_exception(by, case, his.exception).await.unwrap();
}

async fn reach(hub: &TestHub, gate: &mut TestGate, lines: &mut Lines) {
    gate.reach(lines, hub.hub.store.head().await.unwrap()).await;
    assert_eq!(gate.acknowledge().await, 204, "the hub expects this very list");
}

#[tokio::test]
async fn a_bar_with_an_exception_is_in_force_and_its_proof_says_for_how_many_it_is_not() {
    let (hub, mut gate, mut lines) = leeds().await;
    let bar = bar(&hub).await;
    except(&hub, bar, SON).await;
    reach(&hub, &mut gate, &mut lines).await;
    assert!(!gate.meets(SON, NUMBER));
    assert!(gate.meets(CELLMATE, NUMBER));
    let proof = hub::proof::in_force(&hub.hub, &hub.handler, bar).await.unwrap();
    assert_eq!((proof.covered, proof.kept), (1, 1));
    end(&hub, bar, SON).await;
    reach(&hub, &mut gate, &mut lines).await;
    assert!(gate.meets(SON, NUMBER));
    let proof = hub::proof::in_force(&hub.hub, &hub.handler, bar).await.unwrap();
    assert_eq!((proof.covered, proof.kept), (1, 0));
}

#[tokio::test]
async fn a_gate_that_was_away_while_somebody_was_excepted_gets_each_change_from_a_hub_that_has_forgotten_it()
{
    let (hub, mut gate, mut lines) = leeds().await;
    let first = bar(&hub).await;
    except(&hub, first, SON).await;
    reach(&hub, &mut gate, &mut lines).await;
    drop(lines);
    let second = bar(&hub).await;
    except(&hub, second, CELLMATE).await;
    hub.lift(&second.to_string()).await;
    except(&hub, first, CELLMATE).await;
    end(&hub, first, CELLMATE).await;
    except(&hub, first, CELLMATE).await;
    let hub = hub.restarted_with(an_hour_later()).await;
    gate.url = hub.serve().await;
    let mut lines = gate.follow().await.unwrap();
    let said = gate.apply(&lines.next().await.unwrap());
    assert!(matches!(said.body, Body::Delta(_)), "each change, and no list");
    reach(&hub, &mut gate, &mut lines).await;
    assert!(!gate.meets(SON, NUMBER) && !gate.meets(CELLMATE, NUMBER));
    assert!(gate.meets("A9012FG", NUMBER));
}
