//! A list that cannot be built in full is not built.

use feed::{ContactKind, Regime};
use hub::store::StoreError;
use sea_orm::Value;

use crate::stories;
use crate::support::{lei, mdi};

fn table_of<T: std::fmt::Debug>(result: Result<T, StoreError>) -> &'static str {
    match result {
        Err(StoreError::Damaged { table, .. }) => table,
        other => panic!("damage is not noticed: {other:?}"),
    }
}

stories! {
    async fn one_barred_number_that_cannot_be_read_stops_the_list_of_every_prison(place: &TestStore) {
        place.refer(&["+447700900001"]).await;
        let second = place.refer(&["+447700900002"]).await;
        let case = place.case_of(&second).await.to_string();
        let (serial, _) = place.store.list_of(lei(), Regime::CallEnabling).await.unwrap();
        let cut = vec![Value::from(vec![0_u8; 60]), Value::from(case)];
        place.damage("UPDATE bars SET target = $1 WHERE case_id = $2", cut).await;
        for prison in [lei(), mdi()] {
            for regime in [Regime::CallBarring, Regime::CallEnabling] {
                assert_eq!(table_of(place.store.list_of(prison, regime).await), "bars");
            }
        }
        let history = place.store.history_since(feed::Serial(serial.0 - 1), 10).await;
        assert_eq!(table_of(history), "bars");
    }

    async fn a_bar_in_a_state_that_nobody_knows_is_damage_and_not_a_lifted_bar(place: &TestStore) {
        place.refer(&["+447700900001"]).await;
        place.damage("UPDATE bars SET state = 'gone'", vec![]).await;
        assert_eq!(table_of(place.store.list_of(lei(), Regime::CallBarring).await), "bars");
    }

    async fn a_sealed_number_moved_to_another_row_does_not_open(place: &TestStore) {
        place.refer(&["+447700900001", "+447700900002"]).await;
        let swap = "UPDATE bars SET target = (SELECT b.target FROM bars b ORDER BY b.id LIMIT 1)";
        place.damage(swap, vec![]).await;
        assert_eq!(table_of(place.store.list_of(lei(), Regime::CallBarring).await), "bars");
    }

    async fn a_number_that_does_not_answer_to_its_index_is_damage(place: &TestStore) {
        place.refer(&["+447700900001"]).await;
        place.damage("UPDATE bars SET number_index = 'ffff'", vec![]).await;
        assert_eq!(table_of(place.store.list_of(lei(), Regime::CallBarring).await), "bars");
    }

    async fn an_approved_entry_that_cannot_be_read_stops_its_prisons_list(place: &TestStore) {
        place.approve_number("A1234BC", "+447700900001", ContactKind::Social).await;
        place.damage("UPDATE approved_numbers SET number = $1", vec![Value::from(vec![1_u8; 3])]).await;
        assert_eq!(table_of(place.store.list_of(lei(), Regime::CallEnabling).await), "approved_numbers");
        assert!(place.store.list_of(mdi(), Regime::CallEnabling).await.is_ok(), "another prison has its own");
    }

    async fn a_barred_address_that_cannot_be_read_keeps_letters_waiting(place: &TestStore) {
        let receipt = place.refer(&["+447700900001"]).await;
        let case = place.case_of(&receipt).await;
        let address = crate::support::address("1 Invented Lane, Nowhere, ZZ1 2CD");
        place.store.add_target(&place.handler, case, &address).await.unwrap();
        place.store.barred_addresses(None).await.unwrap();
        assert_eq!(place.barred().await.len(), 1, "gates know no addresses");
        let shortened = vec![Value::from(vec![1_u8; 3])];
        place.damage("UPDATE bars SET target = $1 WHERE kind = 'address'", shortened).await;
        assert_eq!(table_of(place.store.barred_addresses(None).await), "bars");
    }

    async fn a_serial_missing_from_history_is_damage(place: &TestStore) {
        place.refer(&["+447700900001"]).await;
        place.refer(&["+447700900002"]).await;
        place.damage("DELETE FROM history WHERE serial = 1", vec![]).await;
        assert_eq!(table_of(place.store.history_since(feed::Serial(0), 10).await), "history");
    }

    async fn history_is_gapless_and_read_in_parts(place: &TestStore) {
        for n in 1..=5 {
            place.refer(&[&format!("+44770090000{n}")]).await;
        }
        let first = place.store.history_since(feed::Serial(0), 2).await.unwrap();
        let serials: Vec<u64> = first.iter().map(|(serial, _)| serial.0).collect();
        assert_eq!(serials, [1, 2]);
        assert_eq!(place.store.history_since(feed::Serial(2), 100).await.unwrap().len(), 3);
        assert!(place.store.history_since(feed::Serial(5), 100).await.unwrap().is_empty());
    }

    async fn writers_of_two_processes_share_one_gapless_serial(place: &TestStore) {
        let other = place.again().await;
        let file = async |store: &hub::store::Store, n: u32| {
            let number = format!("+4477009000{n:02}");
            store.file_request(&place.police, None, crate::support::filing(&[&number])).await.map(drop)
        };
        let here = async { for n in 0..10 { file(&place.store, n).await.unwrap(); } };
        let there = async { for n in 10..20 { file(&other, n).await.unwrap(); } };
        tokio::join!(here, there);
        assert_eq!(place.store.history_since(feed::Serial(0), 100).await.unwrap().len(), 20);
        assert_eq!(place.store.session(), other.session());
    }
}
