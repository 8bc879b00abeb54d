//! An answer on its way back, with whatever its fault does to it.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, DATE, LOCATION};
use actix_web::web::Bytes;
use futures_util::{StreamExt, stream};

use super::fault::Fault;
use super::shared::Shared;
use super::world::Answer;

/// As captured from the real API.
const JSON: &str = "application/json; encoding=utf-8";
/// What a gateway says instead.
const GATEWAY_PAGE: &str =
    "<html><head><title>Error</title></head><body><center><h1>Error</h1></center><hr></body></html>";
const CHUNK: usize = 64 * 1024;

/// Counts a call as waiting until it is dropped.
#[derive(Debug)]
pub(crate) struct InFlight {
    shared: Shared,
    endpoint: String,
}

impl InFlight {
    pub(crate) fn new(shared: Shared, endpoint: String) -> Self {
        Self { shared, endpoint }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.shared.with(|world| world.calls.end(&self.endpoint));
    }
}

/// Turns the answer into a response, or keeps the caller waiting.
pub(crate) async fn deliver(answer: Answer, in_flight: InFlight) -> HttpResponse {
    let text = answer.body.to_string();
    let Some(fault) = answer.fault else { return json(text) };
    match fault {
        Fault::Status { status } => gateway(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY)),
        Fault::NotJson => gateway(StatusCode::OK),
        Fault::Empty => HttpResponse::Ok().insert_header((CONTENT_TYPE, JSON)).finish(),
        Fault::Truncated => json(first_half(&text)),
        Fault::Redirect { location } => HttpResponse::Found().insert_header((LOCATION, location)).finish(),
        Fault::Slow { ms } => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            json(text)
        }
        Fault::Hang => {
            wait_for_clearing(&in_flight.shared).await;
            broken_off(String::new(), 1)
        }
        Fault::CutOff => {
            let promised = text.len();
            broken_off(first_half(&text), promised)
        }
        Fault::Drip { ms_per_byte } => dripping(text, ms_per_byte, in_flight),
        Fault::HugeBody { bytes } => huge(bytes),
        Fault::GzipBomb { bytes } => gzip_bomb(bytes),
        Fault::SkewedDate { seconds } => skewed(text, &in_flight.shared, seconds),
        Fault::Errcode { .. }
        | Fault::ExpiresIn { .. }
        | Fault::Credential { .. }
        | Fault::LongCredential { .. }
        | Fault::Revoked => json(text),
    }
}

pub(crate) fn json(text: String) -> HttpResponse {
    HttpResponse::Ok().insert_header((CONTENT_TYPE, JSON)).body(text)
}

fn gateway(status: StatusCode) -> HttpResponse {
    HttpResponse::build(status).insert_header((CONTENT_TYPE, "text/html")).body(GATEWAY_PAGE)
}

fn first_half(text: &str) -> String {
    text.chars().take(text.chars().count() / 2).collect()
}

async fn wait_for_clearing(shared: &Shared) {
    let since = shared.with(|world| world.faults.epoch());
    while shared.with(|world| world.faults.epoch()) == since {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Sends `text`, having promised more, and breaks the connection.
fn broken_off(text: String, promised: usize) -> HttpResponse {
    let sent = stream::once(std::future::ready(Ok(Bytes::from(text))));
    let broken = stream::once(async {
        // What was written so far has to leave the machine first.
        tokio::time::sleep(Duration::from_millis(50)).await;
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    });
    let length = u64::try_from(promised).unwrap_or(u64::MAX);
    let body = SizedStream::new(length, Box::pin(sent.chain(broken)));
    HttpResponse::Ok().insert_header((CONTENT_TYPE, JSON)).body(body)
}

fn dripping(text: String, ms_per_byte: u64, in_flight: InFlight) -> HttpResponse {
    let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
    let bytes = text.into_bytes().into_iter();
    let drops = stream::unfold((bytes, in_flight), move |(mut bytes, in_flight)| async move {
        let byte = bytes.next()?;
        tokio::time::sleep(Duration::from_millis(ms_per_byte)).await;
        Some((Ok::<_, Infallible>(Bytes::from(vec![byte])), (bytes, in_flight)))
    });
    HttpResponse::Ok().insert_header((CONTENT_TYPE, JSON)).body(SizedStream::new(length, Box::pin(drops)))
}

fn huge(bytes: u64) -> HttpResponse {
    let opening = Bytes::from_static(b"{\"access_token\":\"");
    let blanks = Bytes::from(vec![b'x'; CHUNK]);
    let chunk_size = u64::try_from(CHUNK).unwrap_or(u64::MAX);
    let chunks = (0..bytes.div_ceil(chunk_size)).map(move |_| Ok::<_, Infallible>(blanks.clone()));
    let body = stream::iter(std::iter::once(Ok(opening)).chain(chunks));
    HttpResponse::Ok().insert_header((CONTENT_TYPE, JSON)).streaming(body)
}

/// A gzip stream of one block with fixed codes: a NUL, and then 258 more of it for every 13 bits.
fn gzip_bomb(bytes: u64) -> HttpResponse {
    const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    /// Eight repeats fill thirteen whole bytes.
    const REPEATS: usize = 8 * 512;
    // Final block, fixed codes, literal 0; deflate packs bits from the low end of a byte.
    let mut bits = vec![true, true, false, false, false, true, true, false, false, false, false];
    let repeat = [true, true, false, false, false, true, false, true, false, false, false, false, false];
    bits.extend(repeat.iter().cycle().take(13 * REPEATS));
    let packed: Vec<u8> = bits.chunks_exact(8).map(pack).collect();
    let opening: Vec<u8> = HEADER.into_iter().chain(packed.iter().copied().take(2)).collect();
    let repeated = Bytes::from(packed.into_iter().skip(2).take(13 * 511).collect::<Vec<u8>>());
    let unpacked_per_chunk: u64 = 258 * 8 * 511;
    let chunks = (0..bytes.div_ceil(unpacked_per_chunk)).map(move |_| Ok::<_, Infallible>(repeated.clone()));
    let body = stream::iter(std::iter::once(Ok(Bytes::from(opening))).chain(chunks));
    HttpResponse::Ok().insert_header((CONTENT_TYPE, JSON)).insert_header((CONTENT_ENCODING, "gzip")).streaming(body)
}

fn pack(bits: &[bool]) -> u8 {
    bits.iter().rev().fold(0, |byte, bit| (byte << 1) | u8::from(*bit))
}

fn skewed(text: String, shared: &Shared, seconds: i64) -> HttpResponse {
    let now = shared.with(|world| world.clock.now()).saturating_add(seconds);
    let moment = jiff::Timestamp::from_second(now).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let date = moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    HttpResponse::Ok().insert_header((CONTENT_TYPE, JSON)).insert_header((DATE, date)).body(text)
}
