//! The files of the walk: one person stages a list, of a barred number or not, and proposes it; the hub carries on.

use feed::ContactKind;
use hub::lists::ListRow;

use super::{Walk, number_of, prisoner_of};
use crate::support::{lei, number};

impl Walk {
    pub(super) async fn import_list(&mut self, holder: u8, n: u8, off: bool) {
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
}
