//! OTLP over HTTP, by OpenTelemetry's own exporter and batches (`OTEL_BSP_…`, `OTEL_EXPORTER_OTLP_…`).

use std::time::{Duration, SystemTime};

use dice_model::Timestamp;
use opentelemetry::trace::{
    SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState,
};
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{BatchSpanProcessor, SpanData, SpanProcessor as _};

/// The endpoint is of no use.
pub type ExporterError = ExporterBuildError;

/// For what is left when the engine ends.
const FAREWELL: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct Exporter {
    processor: BatchSpanProcessor,
    scope: InstrumentationScope,
}

pub(super) struct Span {
    pub(super) trace: TraceId,
    pub(super) id: SpanId,
    /// [`SpanId::INVALID`]: none.
    pub(super) parent: SpanId,
    pub(super) name: String,
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    pub(super) attributes: Vec<KeyValue>,
    pub(super) error: Option<&'static str>,
}

impl Exporter {
    pub(super) fn new(endpoint: &str) -> Result<Self, ExporterError> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
            .build()?;
        let mut processor = BatchSpanProcessor::builder(exporter).build();
        let resource = Resource::builder().with_service_name("dice");
        processor.set_resource(&resource.build());
        let scope = InstrumentationScope::builder("dice").with_version(env!("CARGO_PKG_VERSION"));
        Ok(Self {
            processor,
            scope: scope.build(),
        })
    }

    /// Never waits: spans beyond a bound are dropped.
    pub(super) fn send(&self, span: Span) {
        let context = SpanContext::new(
            span.trace,
            span.id,
            TraceFlags::SAMPLED,
            false,
            TraceState::default(),
        );
        self.processor.on_end(SpanData {
            span_context: context,
            parent_span_id: span.parent,
            parent_span_is_remote: false,
            span_kind: SpanKind::Internal,
            name: span.name.into(),
            start_time: time(span.from),
            end_time: time(span.to),
            attributes: span.attributes,
            dropped_attributes_count: 0,
            events: Default::default(),
            links: Default::default(),
            status: span.error.map_or(Status::Unset, Status::error),
            instrumentation_scope: self.scope.clone(),
        });
    }

    pub(super) fn finish(&self) {
        if let Err(error) = self.processor.shutdown_with_timeout(FAREWELL) {
            tracing::warn!(%error, "the last spans were not sent");
        }
    }
}

fn time(at: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_nanos(at.0)
}
