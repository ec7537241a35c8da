//! Sharing: any number of processes open, make and write one journal at the same time.

use super::*;
use pretty_assertions::assert_eq;
use std::process::Command;

/// Tells a child of this test binary which journal to write to, and as whom.
const JOURNAL: &str = "COPYDESK_TEST_JOURNAL";
const WORKER: &str = "COPYDESK_TEST_WORKER";

fn write_as(journal: &mut Journal, worker: u128) {
    for number in 0..5 {
        let id = worker * 100 + number + 1;
        journal.begin(&record(id)).unwrap();
        journal.append(run_id(id), "some ").unwrap();
        journal.append(run_id(id), "text").unwrap();
        journal.finish(run_id(id), &outcome(1)).unwrap();
        let text = id.to_string();
        journal.add_version(&checkpoint(&text, 1)).unwrap();
    }
}

fn expect_all(desk: &Desk, workers: usize) {
    let journal = desk.open();
    let runs = journal.runs(10_000, None).unwrap();
    assert_eq!(runs.len(), workers * 5);
    assert!(
        runs.iter()
            .all(|run| run.bytes == 9 && run.ending.is_some())
    );
    assert!(journal.versions("a-draft").unwrap().len() == workers * 5);
    assert_eq!(journal.check().unwrap(), [""; 0]);
}

/// W7: two connections take turns; neither loses a record.
#[test]
fn two_connections_write_at_once() {
    let desk = Desk::new();
    std::thread::scope(|scope| {
        for worker in 0..2 {
            let desk = &desk;
            scope.spawn(move || write_as(&mut desk.open(), worker));
        }
    });
    expect_all(&desk, 2);
}

/// What each process of the test below does; alone it does nothing.
#[test]
fn one_process_of_many() {
    let (Ok(path), Ok(worker)) = (std::env::var(JOURNAL), std::env::var(WORKER)) else {
        return;
    };
    let opened = Journal::open(path.as_ref()).unwrap();
    assert_eq!(opened.set_aside, None);
    let mut journal = opened.journal;
    write_as(&mut journal, worker.parse().unwrap());
}

fn expect_from_processes(desk: &Desk) {
    const PROCESSES: usize = 64;
    let children: Vec<_> = (0..PROCESSES)
        .map(|worker| {
            Command::new(std::env::current_exe().unwrap())
                .args([
                    "--exact",
                    "store::journal::tests::sharing::one_process_of_many",
                ])
                .env(JOURNAL, desk.path())
                .env(WORKER, worker.to_string())
                .stdout(std::process::Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        let done = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout);
        assert!(done.status.success(), "{said}");
        assert!(said.contains("1 passed"), "{said}");
    }
    expect_all(desk, PROCESSES);
}

/// W7: sixty-four processes make the journal and write to it at once; every record is there.
#[test]
fn sixty_four_processes_make_one_journal_and_lose_nothing() {
    expect_from_processes(&Desk::new());
}

/// W7: and so do sixty-four that find one of an earlier schema.
#[test]
fn sixty_four_processes_bring_one_journal_up_to_date() {
    let desk = Desk::new();
    fs::create_dir(desk.folder()).unwrap();
    let db = Connection::open(desk.path()).unwrap();
    schema::at_version(&db, 1).unwrap();
    drop(db);
    expect_from_processes(&desk);
}

/// W7: of several that find a damaged journal, one sets it aside, and none the new one.
#[test]
fn a_damaged_journal_is_set_aside_once() {
    let desk = Desk::new();
    fs::create_dir(desk.folder()).unwrap();
    let mut file = fs::File::create(desk.path()).unwrap();
    std::io::Write::write_all(&mut file, &[7; 9_000]).unwrap();
    let found: Vec<bool> = std::thread::scope(|scope| {
        let open = |worker| {
            let desk = &desk;
            scope.spawn(move || {
                let mut opened = Journal::open(&desk.path()).unwrap();
                write_as(&mut opened.journal, worker);
                opened.set_aside.is_some()
            })
        };
        let workers: Vec<_> = (0..8).map(open).collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap())
            .collect()
    });
    assert_eq!(found.iter().filter(|found| **found).count(), 1);
    expect_all(&desk, 8);
}
