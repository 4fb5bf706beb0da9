import { z } from 'zod';
import { baseUrl, count } from './values.ts';

/** `name=value`, separated by commas; values may be percent-encoded. */
const otlpHeaders = z
  .string()
  .regex(
    /^[\w-]+=[\x21-\x2b\x2d-\x7e]+(,\s*[\w-]+=[\x21-\x2b\x2d-\x7e]+)*$/,
    'expected name=value, separated by commas',
  )
  .transform((list) =>
    Object.fromEntries(
      list.split(',').map((pair) => {
        const [name = '', ...value] = pair.trim().split('=');
        return [name.toLowerCase(), value.join('=')];
      }),
    ),
  );

/** Variables of what is logged, measured and traced; entries of CONFIG_SCHEMA. */
export const TELEMETRY_VARIABLES = {
  ALCOVE_LOG_REQUESTS: z
    .enum(['all', 'slow', 'off'])
    .default('slow')
    .describe('Which requests are logged when they end, where ALCOVE_LOG is info or debug: one line each.'),
  ALCOVE_SLOW_REQUEST_MS: count(1, 3_600_000)
    .default(1_000)
    .describe('From so many milliseconds on a request is slow; subscriptions never are.'),
  ALCOVE_METRICS_PORT: count(0, 65_535)
    .optional()
    .describe(
      'Port on which /metrics is served to Prometheus, and nothing else: 9464. None is if it is not set; 0 picks a free one.',
    ),
  ALCOVE_METRICS_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address of that port. Whoever reaches it reads the names of libraries, without a key.'),
  ALCOVE_METRICS_LIBRARIES: count(0, 1_000)
    .default(50)
    .describe(
      'How many of the largest indexes have metrics of their own, by the names of their libraries; the others are added up.',
    ),
  ALCOVE_OTLP_ENDPOINT: baseUrl
    .optional()
    .describe(
      'Collector of OpenTelemetry (OTLP over HTTP) that traces are sent to: http://127.0.0.1:4318. Nothing is traced if it is not set.',
    ),
  ALCOVE_OTLP_HEADERS: otlpHeaders
    .default({})
    .describe('Headers that the collector asks for: name=value, separated by commas.'),
  ALCOVE_TRACE_SHARE: z
    .string()
    .regex(/^(0(\.\d+)?|1(\.0+)?)$/, 'expected a number from 0 to 1')
    .default('1')
    .transform(Number)
    .describe('Share of the requests that are traced, of those that do not come with a trace already.'),
};

export interface TelemetryConfig {
  readonly logRequests: 'all' | 'slow' | 'off';
  readonly slowRequestMs: number;
  /** Where metrics are served; undefined port: nowhere. */
  readonly metrics: { readonly host: string; readonly port: number | undefined; readonly libraries: number };
  readonly tracing: {
    /** The collector's base URL; undefined: nothing is traced. */
    readonly endpoint: string | undefined;
    readonly headers: Readonly<Record<string, string>>;
    /** From 0 to 1. */
    readonly share: number;
  };
}

type Values = z.infer<z.ZodObject<typeof TELEMETRY_VARIABLES>>;

export function telemetryConfig(values: Values): TelemetryConfig {
  return {
    logRequests: values.ALCOVE_LOG_REQUESTS,
    slowRequestMs: values.ALCOVE_SLOW_REQUEST_MS,
    metrics: {
      host: values.ALCOVE_METRICS_HOST,
      port: values.ALCOVE_METRICS_PORT,
      libraries: values.ALCOVE_METRICS_LIBRARIES,
    },
    tracing: {
      endpoint: values.ALCOVE_OTLP_ENDPOINT,
      headers: values.ALCOVE_OTLP_HEADERS,
      share: values.ALCOVE_TRACE_SHARE,
    },
  };
}
