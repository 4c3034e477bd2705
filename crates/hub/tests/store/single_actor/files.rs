//! The files of the walk: one person stages a list, of a barred number or not, and proposes it; a case handler brings a
//! no-contact list in; the hub carries on.

use feed::ContactKind;
use hub::lists::{ListOrigin, ListRow, NoContactRow};
use hub::store::{ListedRow, RowPlace};
use proptest::prelude::*;

use super::{Walk, number_of, prisoner_of};
use crate::support::{filing, lei, number};

/// A file that one person brings.
#[derive(Clone, Copy, Debug)]
pub(super) enum FileStep {
    /// He stages an approved list, of a barred number or not, and proposes it; the hub carries on.
    ImportList { holder: u8, number: u8, off: bool },
    /// A case handler brings a prison's no-contact list in.
    NoContact { holder: u8, number: u8, again: u8 },
}

pub(super) fn step() -> impl Strategy<Value = FileStep> {
    let n = any::<u8>;
    prop_oneof![
        (n(), n(), any::<bool>()).prop_map(|(holder, number, off)| FileStep::ImportList {
            holder,
            number,
            off
        }),
        (n(), n(), 0..3_u8).prop_map(|(holder, number, again)| FileStep::NoContact {
            holder,
            number,
            again
        }),
    ]
}

impl Walk {
    pub(super) async fn take_file(&mut self, step: FileStep) {
        match step {
            FileStep::ImportList { holder, number, off } => self.import_list(holder, number, off).await,
            FileStep::NoContact {
                holder,
                number,
                again,
            } => self.import_no_contact(holder, number, again).await,
        }
    }

    async fn import_list(&mut self, holder: u8, n: u8, off: bool) {
        let (store, clerk) = (&self.place.store, &self.place.clerk);
        let row = ListRow {
            holder: prisoner_of(holder),
            number: number(number_of(n)),
            contact: ContactKind::Social,
            name: "Friend".into(),
        };
        let file = format!("{holder}-{n}");
        let (import, staged) = store.begin_list_import(clerk, lei(), "csv", &file).await.unwrap();
        if staged == 0 {
            let _ = store.stage_rows(clerk, import, &[(1, Ok(row))]).await;
        }
        let staged = store.finish_staging(clerk, import).await.unwrap();
        let proposed = store
            .propose_list_import(clerk, &staged, off, "one person's wish")
            .await;
        self.proposals.extend(proposed);
        store.apply_list_import().await.unwrap();
    }
    /// Brings a list of one row in and takes it over; the same row again if it was brought before.
    async fn import_no_contact(&mut self, holder: u8, n: u8, again: u8) {
        let (store, by) = (&self.place.store, &self.place.handler);
        let origin = ListOrigin {
            prison: lei(),
            kept_by: "Public protection".into(),
            as_of: "2026-11-01".parse().unwrap(),
            file: format!("{holder}-{n}-{again}"),
        };
        let (import, staged) = store.begin_no_contact_list(by, &origin).await.unwrap();
        let row = NoContactRow {
            prison_number: prisoner_of(holder).as_str().into(),
            person: "Rhian Prior".into(),
            numbers: vec![number_of(n).into()],
            ..NoContactRow::default()
        };
        if staged == 0 {
            store
                .stage_no_contact_rows(by, import, &[(1, Ok(row))])
                .await
                .unwrap();
        }
        store.finish_no_contact_staging(by, import).await.unwrap();
        let waiting = store.waiting_no_contact_rows(&RowPlace::FIRST).await.unwrap();
        let ruled = waiting.into_iter().map(|waiting| {
            let mut filing = filing(&[number_of(n)]);
            filing.named.numbers = vec![prisoner_of(holder)];
            ListedRow {
                import: waiting.import,
                number: waiting.number,
                staged_by: waiting.staged_by,
                filing: Some(filing),
                gaps: Vec::new(),
            }
        });
        let ruled: Vec<ListedRow> = ruled.collect();
        store.take_no_contact_rows(&ruled).await.unwrap();
    }
}
