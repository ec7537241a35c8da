//! A scripted HTTP server on loopback: it answers each connection with the next script.
//!
//! Runs on its own thread with blocking sockets, so it needs no runtime and no timing: where a
//! test must be ahead of the answer, a [`Step::Gate`] holds the answer until the test opens it.

#![expect(clippy::unwrap_used, reason = "a rig fails by panicking")]

use super::cli::KEY;
use copydesk::domain::endpoint::{Api, Endpoint, Key};
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// One step of an answer.
#[derive(Debug, Clone)]
pub enum Step {
    /// Sends bytes as they are, head or body.
    Send(Vec<u8>),
    /// The same, so many bytes at a time, each piece in a packet of its own.
    Drip(Vec<u8>, usize),
    /// Sends the same bytes so many times, which need not lie in memory as often.
    Repeat(Vec<u8>, usize),
    /// Sends the same bytes again and again until the client hangs up.
    Flood(Vec<u8>),
    /// Sends a whole answer: status line, headers, length, body.
    Status(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// Waits until the test opens the gate.
    Gate(Gate),
    /// Waits until the client hangs up, and reports it on [`Server::hang_up`].
    AwaitHangUp,
    /// Closes the connection.
    Drop,
    /// Closes it as a crashed peer does: the client gets a reset.
    Reset,
}

impl Step {
    /// The head of an event stream whose end is the end of the connection.
    pub fn stream_head() -> Self {
        Self::Send(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
                .to_vec(),
        )
    }

    /// A head with headers of its own, whose body ends with the connection.
    pub fn head(status: u16, headers: &[(&str, &str)]) -> Self {
        let lines = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"));
        let lines: String = lines.collect();
        Self::Send(
            format!("HTTP/1.1 {status} Scripted\r\n{lines}connection: close\r\n\r\n").into_bytes(),
        )
    }

    /// The head of a chunked event stream.
    pub fn chunked_head() -> Self {
        Self::Send(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
                .to_vec(),
        )
    }

    /// One chunk of a chunked body; an empty one ends it.
    pub fn chunk(data: &str) -> Self {
        Self::Send(format!("{:x}\r\n{data}\r\n", data.len()).into_bytes())
    }

    /// A chunked body in chunks of so many bytes, with its end.
    pub fn chunks(data: &[u8], size: usize) -> Vec<Self> {
        let chunk = |part: &[u8]| {
            let head = format!("{:x}\r\n", part.len());
            Self::Send([head.as_bytes(), part, b"\r\n"].concat())
        };
        let parts = data.chunks(size).map(chunk);
        parts.chain([Self::chunk("")]).collect()
    }

    /// Bytes of a body.
    pub fn body(data: &str) -> Self {
        Self::Send(data.as_bytes().to_vec())
    }

    /// An answer with a JSON body.
    pub fn json(status: u16, body: &str) -> Self {
        let kind = ("content-type", "application/json".to_owned());
        Self::Status(status, vec![kind], body.as_bytes().to_vec())
    }
}

/// Holds an answer until a test opens it.
#[derive(Debug, Clone, Default)]
pub struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    /// Lets the answer go on, now and at every later wait.
    pub fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    fn wait(&self) {
        let open = self.0.0.lock().unwrap();
        let limit = Duration::from_secs(20);
        drop(self.0.1.wait_timeout_while(open, limit, |open| !*open));
    }
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Request line and headers, names in lower case.
    pub head: String,
    /// The body.
    pub body: String,
}

impl Recorded {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().skip(1);
        lines.find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(':')?.trim()))
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// How a server of this kind is asked, with the key that no output may show.
pub fn endpoint(base_url: &str, api: Api) -> Endpoint {
    Endpoint {
        provider: "scripted".to_owned(),
        key: Key::new(KEY).ok(),
        key_hint: "set SCRIPTED_KEY".to_owned(),
        idle_timeout: Duration::from_secs(20),
        ..Endpoint::at(base_url, api)
    }
}

/// A server that is running; it stops when it is dropped.
pub struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Recorded>>>,
    arrivals: Mutex<Receiver<()>>,
    hang_ups: Mutex<Receiver<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Answers the n-th connection with the n-th script, then closes those that come after.
    pub fn start(scripts: Vec<Vec<Step>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (tell, hang_ups) = channel();
        let (arrived, arrivals) = channel();
        let seen = Arc::clone(&requests);
        let thread = std::thread::spawn(move || {
            let mut scripts = scripts.into_iter();
            while let Ok((stream, _)) = listener.accept() {
                let Some(request) = read_request(&stream) else {
                    break;
                };
                seen.lock().unwrap().push(request);
                let _gone = arrived.send(());
                let script = scripts.next().unwrap_or_default();
                let resets = matches!(script.last(), Some(Step::Reset));
                // A client that hangs up in the middle ends its script, not the server.
                let awaits = script.iter().any(|step| matches!(step, Step::AwaitHangUp));
                let played = play(&stream, script, &tell);
                let gone = [ErrorKind::BrokenPipe, ErrorKind::ConnectionReset];
                if awaits && played.is_err_and(|error| gone.contains(&error.kind())) {
                    // It went while something was sent to it, which is as good.
                    let _gone = tell.send(());
                }
                if !resets {
                    let _ = stream.shutdown(Shutdown::Both);
                }
            }
        });
        Self {
            address,
            requests,
            arrivals: Mutex::new(arrivals),
            hang_ups: Mutex::new(hang_ups),
            thread: Some(thread),
        }
    }

    /// The base URL, with `/v1`.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<Recorded> {
        self.requests.lock().unwrap().clone()
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

impl Drop for Server {
    fn drop(&mut self) {
        // A connection without a request is the sign to stop.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Plays a script to a client.
pub(super) fn play(
    mut stream: &TcpStream,
    script: Vec<Step>,
    tell: &Sender<()>,
) -> std::io::Result<()> {
    for step in script {
        match step {
            Step::Send(bytes) => stream.write_all(&bytes)?,
            Step::Status(status, headers, body) => {
                let length = ("content-length", body.len().to_string());
                let close = ("connection", "close".to_owned());
                let headers = headers.into_iter().chain([length, close]);
                let lines = headers.map(|(name, value)| format!("{name}: {value}\r\n"));
                let head = format!(
                    "HTTP/1.1 {status} Scripted\r\n{}\r\n",
                    lines.collect::<String>()
                );
                stream.write_all(head.as_bytes())?;
                stream.write_all(&body)?;
            }
            Step::Gate(gate) => gate.wait(),
            Step::AwaitHangUp => {
                stream.set_read_timeout(Some(Duration::from_secs(20)))?;
                match stream.read(&mut [0; 64]) {
                    Err(error) if error.kind() != ErrorKind::ConnectionReset => return Err(error),
                    _ => drop(tell.send(())),
                }
            }
            Step::Drip(bytes, size) => {
                stream.set_nodelay(true)?;
                for piece in bytes.chunks(size) {
                    stream.write_all(piece)?;
                }
            }
            Step::Repeat(bytes, times) => {
                for _ in 0..times {
                    stream.write_all(&bytes)?;
                }
            }
            Step::Flood(bytes) => loop {
                stream.write_all(&bytes)?;
            },
            Step::Drop => return Ok(()),
            Step::Reset => return reset(stream),
        }
    }
    Ok(())
}

/// Makes the coming close a reset: with no time to linger, that is what a close is.
fn reset(stream: &TcpStream) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?;
    let _inside = runtime.enter();
    let twin = stream.try_clone()?;
    twin.set_nonblocking(true)?;
    tokio::net::TcpStream::from_std(twin)?.set_zero_linger()
}

/// A whole request with a length, or `None` when the connection ends before it does.
pub(super) fn read_request(mut stream: &TcpStream) -> Option<Recorded> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 8192];
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let recorded = Recorded {
                head: lower_names(&head),
                body: String::from_utf8_lossy(&bytes[end + 4..]).into_owned(),
            };
            let length = recorded.header("content-length").unwrap_or("0").parse();
            if bytes.len() >= end + 4 + length.unwrap_or(0) {
                return Some(recorded);
            }
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&chunk[..read]),
        }
    }
}

fn lower_names(head: &str) -> String {
    let lines = head.lines().map(|line| match line.split_once(": ") {
        Some((name, value)) => format!("{}: {value}\n", name.to_ascii_lowercase()),
        None => format!("{line}\n"),
    });
    lines.collect()
}
