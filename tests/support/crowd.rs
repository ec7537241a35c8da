//! A scripted server that answers many connections at the same time, each by what was asked.
//!
//! What a [`Server`](super::server::Server) does one after the other, on a thread for each.

#![expect(clippy::unwrap_used, reason = "a rig fails by panicking")]

use super::server::{Recorded, Step, play, read_request};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// What a request is answered with.
type Script = dyn Fn(&Recorded) -> Vec<Step> + Send + Sync;

/// Counts who is there.
#[derive(Debug, Default)]
struct Count {
    now: AtomicUsize,
    most: AtomicUsize,
}

/// A server that is running; it stops when it is dropped.
pub struct Crowd {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Recorded>>>,
    count: Arc<Count>,
    arrivals: Mutex<Receiver<()>>,
    hang_ups: Mutex<Receiver<()>>,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Crowd {
    /// Answers every request as `script` says.
    pub fn start(script: impl Fn(&Recorded) -> Vec<Step> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (count, over) = (Arc::new(Count::default()), Arc::new(AtomicBool::new(false)));
        let (tell, hang_ups) = channel();
        let (arrived, arrivals) = channel();
        let script: Arc<Script> = Arc::new(script);
        let thread = std::thread::spawn({
            let (requests, count, over) = (requests.clone(), count.clone(), over.clone());
            move || {
                while let Ok((stream, _)) = listener.accept() {
                    if over.load(Ordering::SeqCst) {
                        break;
                    }
                    let (requests, count) = (requests.clone(), count.clone());
                    let (arrived, tell, script) = (arrived.clone(), tell.clone(), script.clone());
                    std::thread::spawn(move || {
                        serve(&stream, &requests, &arrived, (&count, &*script, &tell));
                    });
                }
            }
        });
        Self {
            address,
            requests,
            count,
            arrivals: Mutex::new(arrivals),
            hang_ups: Mutex::new(hang_ups),
            over,
            thread: Some(thread),
        }
    }

    /// The base URL, with `/v1`.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The requests so far, in the order they came.
    pub fn requests(&self) -> Vec<Recorded> {
        self.requests.lock().unwrap().clone()
    }

    /// The models that were asked, in the order they came.
    pub fn models(&self) -> Vec<String> {
        let requests = self.requests();
        let model = |request: &Recorded| request.json()["model"].as_str().unwrap().to_owned();
        requests.iter().map(model).collect()
    }

    /// The most requests that were under way together.
    pub fn most_at_once(&self) -> usize {
        self.count.most.load(Ordering::SeqCst)
    }

    /// Waits for the next request; false when none comes.
    pub fn arrival(&self, limit: Duration) -> bool {
        self.arrivals.lock().unwrap().recv_timeout(limit).is_ok()
    }

    /// Waits until a script at [`Step::AwaitHangUp`] saw the client go; false when it did not.
    pub fn hang_up(&self, limit: Duration) -> bool {
        self.hang_ups.lock().unwrap().recv_timeout(limit).is_ok()
    }
}

fn serve(
    stream: &TcpStream,
    requests: &Mutex<Vec<Recorded>>,
    arrived: &Sender<()>,
    (count, script, tell): (&Count, &Script, &Sender<()>),
) {
    let Some(request) = read_request(stream) else {
        return;
    };
    let now = count.now.fetch_add(1, Ordering::SeqCst) + 1;
    count.most.fetch_max(now, Ordering::SeqCst);
    let mut steps = script(&request);
    let last = steps.pop().into_iter().collect();
    requests.lock().unwrap().push(request);
    let _gone = arrived.send(());
    // A client that hangs up in the middle ends its script, not the server.
    let played = play(stream, steps, tell);
    // Before the client can know that its answer is over.
    count.now.fetch_sub(1, Ordering::SeqCst);
    let _gone = played.and_then(|()| play(stream, last, tell));
    let _gone = stream.shutdown(Shutdown::Both);
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
