import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import protobuf from 'protobufjs';

/** The part of ONNX's format that the model below is made of (onnx/onnx.proto, IR version 8). */
const ONNX = protobuf
  .parse(`
  syntax = "proto3";
  message ModelProto { int64 ir_version = 1; string producer_name = 2; GraphProto graph = 7; repeated Opset opset_import = 8; }
  message Opset { string domain = 1; int64 version = 2; }
  message GraphProto {
    repeated NodeProto node = 1; string name = 2; repeated TensorProto initializer = 5;
    repeated ValueInfo input = 11; repeated ValueInfo output = 12;
  }
  message NodeProto { repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4; }
  message TensorProto { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
  message ValueInfo { string name = 1; TypeProto type = 2; }
  message TypeProto { TensorType tensor_type = 1; }
  message TensorType { int32 elem_type = 1; Shape shape = 2; }
  message Shape { repeated Dim dim = 1; }
  message Dim { string dim_param = 2; }
`)
  .root.lookupType('ModelProto');
const FLOAT = 1;
const INT64 = 7;

export const TINY_DIMENSION = 8;
/** With the two that stand at a text's beginning and end. */
export const TINY_MAX_TOKENS = 16;

/** Words that mean the same have the same vector; the second column is the axis that they lie on. */
const MEANINGS: readonly (readonly [words: readonly string[], axis: number])[] = [
  [['doctor', 'physician'], 1],
  [['car', 'automobile', 'cars'], 2],
  [['the', 'a', 'of', 'is', '.', ','], 0],
  [['rain', 'storm'], 3],
  [['bread', 'loaf'], 4],
  [['river', 'stream'], 5],
  [['##s', '##ing'], 6],
];
const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'];
const VOCABULARY = [...SPECIAL, ...MEANINGS.flatMap(([words]) => words)];

/**
 * Writes a sentence-transformer that is as small as one can be: a WordPiece tokenizer, and a graph that looks every
 * token's vector up. What is in its folder, and how it is called, is as hubs have it.
 */
export function writeTinyModel(
  folder: string,
  options: { readonly poison?: number; readonly onnx?: string } = {},
): void {
  const files: Record<string, string | Uint8Array> = {
    'config.json': JSON.stringify({
      model_type: 'bert',
      architectures: ['BertModel'],
      hidden_size: TINY_DIMENSION,
      max_position_embeddings: 512,
      vocab_size: VOCABULARY.length,
    }),
    'tokenizer.json': JSON.stringify(tokenizer()),
    'tokenizer_config.json': JSON.stringify({
      tokenizer_class: 'BertTokenizer',
      do_lower_case: true,
      model_max_length: 512,
      pad_token: '[PAD]',
      unk_token: '[UNK]',
      cls_token: '[CLS]',
      sep_token: '[SEP]',
    }),
    'sentence_bert_config.json': JSON.stringify({ max_seq_length: TINY_MAX_TOKENS }),
    '1_Pooling/config.json': JSON.stringify({
      word_embedding_dimension: TINY_DIMENSION,
      pooling_mode_mean_tokens: true,
    }),
    [options.onnx ?? 'onnx/model.onnx']: graph(options.poison),
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** `poison` stands in the vector of "storm". */
function graph(poison?: number): Uint8Array {
  const vectors = new Float32Array(VOCABULARY.length * TINY_DIMENSION);
  for (const [row, word] of VOCABULARY.entries()) {
    const axis = MEANINGS.find(([words]) => words.includes(word))?.[1] ?? TINY_DIMENSION - 1;
    vectors[row * TINY_DIMENSION + axis] = axis === 0 || SPECIAL.includes(word) ? 0.1 : 1;
    if (word === 'storm' && poison !== undefined) vectors[row * TINY_DIMENSION + axis] = poison;
  }
  const value = (name: string, type: number, ...dimensions: string[]) => ({
    name,
    type: {
      tensorType: {
        elemType: type,
        shape: { dim: dimensions.map((dimension) => ({ dimParam: dimension })) },
      },
    },
  });
  const model = {
    irVersion: 8,
    producerName: 'test',
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'tiny',
      node: [
        { opType: 'Gather', name: 'lookup', input: ['vectors', 'input_ids'], output: ['last_hidden_state'] },
        { opType: 'Identity', name: 'mask', input: ['attention_mask'], output: ['mask'] },
      ],
      initializer: [
        {
          name: 'vectors',
          dataType: FLOAT,
          dims: [VOCABULARY.length, TINY_DIMENSION],
          rawData: new Uint8Array(vectors.buffer),
        },
      ],
      input: [
        value('input_ids', INT64, 'batch', 'tokens'),
        value('attention_mask', INT64, 'batch', 'tokens'),
      ],
      output: [
        value('last_hidden_state', FLOAT, 'batch', 'tokens', 'dimension'),
        value('mask', INT64, 'batch', 'tokens'),
      ],
    },
  };
  return ONNX.encode(ONNX.fromObject(model)).finish();
}

function tokenizer(): object {
  const id = (token: string) => VOCABULARY.indexOf(token);
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: SPECIAL.map((content) => ({
      id: id(content),
      content,
      special: true,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
    })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [
        { SpecialToken: { id: '[CLS]', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: '[SEP]', type_id: 0 } },
      ],
      pair: [],
      special_tokens: Object.fromEntries(
        ['[CLS]', '[SEP]'].map((token) => [token, { id: token, ids: [id(token)], tokens: [token] }]),
      ),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(VOCABULARY.map((token, at) => [token, at])),
    },
  };
}
