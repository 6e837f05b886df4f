//! HTTP around the state.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::answers::{Reply, answer};
use crate::faults::{self, When};
use crate::schema::Description;
use crate::{Logged, SLOW, State, TOKEN};

/// Read once for all servers of a process.
static DESCRIPTION: OnceLock<Description> = OnceLock::new();

type Shared = Arc<Mutex<State>>;

/// Listens until the process ends; gives the address.
pub fn start(state: Shared) -> String {
    DESCRIPTION.get_or_init(Description::load);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.set_nonblocking(true).expect("a socket can be set up");
    let url = format!("http://{}", listener.local_addr().expect("a socket has an address"));
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
        runtime.block_on(async {
            serve(TcpListener::from_std(listener).expect("a socket can be listened to"), state).await;
        });
    });
    url
}

async fn serve(listener: TcpListener, state: Shared) {
    while let Ok((stream, _)) = listener.accept().await {
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            let service = service_fn(move |request| handle(request, Arc::clone(&state)));
            // A connection that is cut is part of the script.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// An error ends the connection without an answer.
async fn handle(request: Request<Incoming>, state: Shared) -> Result<Response<Full<Bytes>>, String> {
    let (parts, body) = request.into_parts();
    let bytes = body.collect().await.map_err(|it| it.to_string())?.to_bytes();
    let body: Value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    let method = parts.method.to_string();
    let path = parts.uri.path().strip_prefix("/api/v3").unwrap_or(parts.uri.path()).replace("/api/graphql", "/graphql");
    let query = parts.uri.query().unwrap_or_default().to_string();
    let given = parts.headers.get("authorization").and_then(|it| it.to_str().ok()).unwrap_or_default();
    let is_known = given == format!("Bearer {TOKEN}");
    let (fault, reply) = {
        let mut state = state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // GraphQL has a description of its own, which is not looked at here.
        if path != "/graphql" {
            let description = DESCRIPTION.get_or_init(Description::load);
            state.violations.extend(description.faults(&method, &path, &query, &body));
        }
        let fault = faults::take(&mut state.faults, &method, &path);
        let reply = match &fault {
            _ if !is_known => Reply::new(401, json!({ "message": "Bad credentials" })),
            Some(When::Dropped) => Reply::new(0, Value::Null),
            Some(When::Refused { status, retry_after, body }) => Reply {
                status: *status,
                body: serde_json::from_str(body).unwrap_or(Value::Null),
                headers: retry_after.iter().map(|it| ("retry-after".to_string(), it.to_string())).collect(),
            },
            _ => answer(&mut state, &method, &path, &query, &body),
        };
        let status = if let Some(When::Done(status)) = fault { status } else { reply.status };
        state.log.push(Logged { at: Instant::now(), method, path, query, body, status });
        (fault, reply)
    };
    match fault {
        Some(When::Dropped | When::DoneAndDropped) => Err("dropped as scripted".to_string()),
        Some(When::Done(status)) => Ok(response(Reply::new(status, json!({ "message": "Bad Gateway" })))),
        Some(When::Slow) => {
            tokio::time::sleep(SLOW).await;
            Ok(response(reply))
        }
        _ => Ok(response(reply)),
    }
}

fn response(reply: Reply) -> Response<Full<Bytes>> {
    let mut builder = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        builder = builder.header(name, value);
    }
    let text = if reply.status == 204 { String::new() } else { reply.body.to_string() };
    builder.body(Full::new(Bytes::from(text))).expect("a reply is well formed")
}
