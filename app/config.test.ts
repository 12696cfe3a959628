import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../h5p/index.ts'
import schema from '../schemas/config.json' with { type: 'json' }
import { describeVariables, readConfig } from './config.ts'

function messages(environment: Record<string, string>): string[] {
  const result = readConfig(environment)
  return result.ok ? [] : result.messages
}

describe('configuration', () => {
  test('its schema is one: a start trusts it', () => {
    expect(new Ajv2020().validateSchema(schema)).toBe(true)
  })

  test('needs nothing: an empty environment gives the defaults', () => {
    const result = readConfig({})
    expect(result).toMatchObject({
      ok: true,
      config: {
        port: 8080,
        host: '127.0.0.1',
        internalPort: 9464,
        internalHost: '127.0.0.1',
        publicUrl: null,
        firstCredential: null,
        logLevel: 'info',
      },
    })
  })

  test('lets lessons hold what the host does by default, and never what browsers run', () => {
    const result = readConfig({})
    if (!result.ok) throw new Error(result.messages.join())
    const { lessonLimits, clamav } = result.config
    expect({ ...DEFAULT_LIMITS, ...lessonLimits }).toEqual(DEFAULT_LIMITS)
    expect(clamav).toBeNull()
    for (const kinds of ['json html', 'xhtml', 'js', 'mjs png', 'swf', 'JSON', 'png,jpg'])
      expect(messages({ H5P_KINDS: kinds }), kinds).toHaveLength(1)
    expect(messages({ CLAMAV_ADDRESS: 'clamd' })).toHaveLength(1)
  })

  test('takes every variable, and an empty one as absent', () => {
    const result = readConfig({
      PORT: '0',
      HOST: '::',
      INTERNAL_PORT: '9500',
      INTERNAL_HOST: '10.0.0.5',
      PUBLIC_URL: 'https://hoctap.example.vn/',
      PLAYER_URL: 'https://player.hoctap.example.vn/',
      TRUST_PROXY: '1',
      DATA_DIR: '/srv/suotdoi',
      STORE_URL: '',
      TENANT_NAME: 'tỉnh Hưng Yên',
      LRS_KEY: 'first',
      LRS_SECRET: 'a-secret-of-some-length',
      LOG_LEVEL: 'warn',
      SMTP_URL: 'smtps://suotdoi:mat-khau@mail.tinh.example',
      MAIL_FROM: 'Suốt Đời <hoctap@tinh.example>',
      SMS_URL: 'https://sms.example/send',
      SMS_HEADER: 'Authorization: Bearer khoa',
      SMS_BODY: '{"phone":"{digits}","content":"{text}"}',
      SMS_SUCCESS: '"code":"100"',
      SMS_DIACRITICS: 'yes',
      SECOND_STEP: 'operators',
      SIGN_IN_PROVIDERS: '[]',
      H5P_PACKAGE_MB: '300',
      H5P_UNPACKED_MB: '600',
      H5P_FILE_MB: '200',
      H5P_FILES: '4000',
      H5P_RATIO: '50',
      H5P_KINDS: 'json png mp4',
      CLAMAV_ADDRESS: '[::1]:3310',
    })
    expect(result).toEqual({
      ok: true,
      config: {
        port: 0,
        host: '::',
        internalPort: 9500,
        internalHost: '10.0.0.5',
        publicUrl: 'https://hoctap.example.vn',
        playerUrl: 'https://player.hoctap.example.vn',
        trustProxy: 1,
        dataDir: '/srv/suotdoi',
        storeUrl: 'sqlite:',
        tenantName: 'tỉnh Hưng Yên',
        firstCredential: { key: 'first', secret: 'a-secret-of-some-length' },
        logLevel: 'warn',
        smtpUrl: 'smtps://suotdoi:mat-khau@mail.tinh.example',
        mailFrom: 'Suốt Đời <hoctap@tinh.example>',
        smsUrl: 'https://sms.example/send',
        smsMethod: 'POST',
        smsHeader: 'Authorization: Bearer khoa',
        smsBody: '{"phone":"{digits}","content":"{text}"}',
        smsSuccess: '"code":"100"',
        smsDiacritics: true,
        lessonLimits: {
          packageBytes: 300 * 2 ** 20,
          unpackedBytes: 600 * 2 ** 20,
          fileBytes: 200 * 2 ** 20,
          files: 4000,
          ratio: 50,
          contentKinds: ['json', 'png', 'mp4'],
        },
        clamav: { host: '::1', port: 3310 },
        secondStep: 'operators',
        signInProviders: '[]',
        development: false,
      },
    })
  })

  test('names all bad values at once, each with what would be right', () => {
    const found = messages({ PORT: '80a', PUBLIC_URL: 'hoctap.example.vn/x', LOG_LEVEL: 'loud', HOST: 'a b' })
    expect(found).toEqual([
      'PORT: is "80a", but must be a whole number from 0 to 65535; left out, it is 8080.',
      'HOST: is "a b", but must be a host name or an IP address, such as 127.0.0.1 or 0.0.0.0; left out, it is 127.0.0.1.',
      'PUBLIC_URL: is "hoctap.example.vn/x", but must be http:// or https:// with a host and perhaps a port, without a path, such as https://hoctap.example.vn.',
      'LOG_LEVEL: is "loud", but must be one of fatal, error, warn, info, debug, trace, silent; left out, it is info.',
    ])
  })

  test.each(['70000', '-1', '80.5', 'NaN', '1e9'])('refuses %s as a port', (port) => {
    expect(messages({ PORT: port })).toHaveLength(1)
  })

  test('wants a mail server with its sender, and a gateway with what it is sent; no secret is repeated', () => {
    expect(messages({ SMTP_URL: 'smtp://ten:bi-mat@mail.example' })).toEqual([
      'MAIL_FROM: is missing, and SMTP_URL needs it. Set both SMTP_URL and MAIL_FROM, or none of them.',
    ])
    const bad = messages({ SMTP_URL: 'ten:bi-mat@mail.example', MAIL_FROM: 'hoctap' })
    expect(bad).toHaveLength(2)
    expect(bad.join()).not.toContain('bi-mat')
    const SMS_URL = 'https://sms.example/send'
    expect(messages({ SMS_URL })).toEqual(['SMS_BODY: is missing, and the gateway needs it.'])
    expect(messages({ SMS_URL, SMS_BODY: '{"text": {text}' })[0]).toMatch(/^SMS_BODY: must hold/)
    expect(messages({ SMS_URL, SMS_BODY: '{"a":"{to}","b":{text}' })).toEqual([
      'SMS_BODY: begins like JSON and is none.',
    ])
    expect(messages({ SMS_URL: `${SMS_URL}?to={to}`, SMS_METHOD: 'GET' })[0]).toMatch(/^SMS_URL: must hold/)
    expect(messages({ SMS_URL: `${SMS_URL}?to={to}&m={text}`, SMS_METHOD: 'GET' })).toEqual([])
  })

  test('wants lessons on another host than the pages, by https where they are', () => {
    const PUBLIC_URL = 'https://hoctap.example.vn'
    const problems = (PLAYER_URL: string) => messages({ PUBLIC_URL, PLAYER_URL })
    expect(messages({ PLAYER_URL: 'https://player.hoctap.example.vn' })).toEqual([
      'PUBLIC_URL: is missing, and PLAYER_URL needs it. Set both PUBLIC_URL and PLAYER_URL, or none of them.',
    ])
    expect(problems(PUBLIC_URL)[0]).toMatch(/^PLAYER_URL: must have another host/)
    expect(problems(`${PUBLIC_URL}:8443`)[0]).toMatch(/^PLAYER_URL: must have another host/)
    expect(problems('http://player.hoctap.example.vn')[0]).toMatch(/^PLAYER_URL: must begin with https/)
    expect(problems('https://player.hoctap.example.vn')).toEqual([])
  })

  test('wants key and secret together', () => {
    expect(messages({ LRS_KEY: 'first' })).toEqual([expect.stringMatching(/^LRS_SECRET: is missing/)])
    expect(messages({ LRS_SECRET: 'a-secret-of-some-length' })).toEqual([
      expect.stringMatching(/^LRS_KEY: is missing/),
    ])
  })

  test('never repeats a secret', () => {
    expect(messages({ LRS_KEY: 'first', LRS_SECRET: 'short' }).join()).not.toContain('short')
    expect(messages({ STORE_URL: 'mysql://u:hunter2@db' }).join()).not.toContain('hunter2')
    expect(messages({ STORE_URL: 'mongodb://u:hunter2@db /x' }).join()).not.toContain('hunter2')
  })

  test('takes the addresses of MongoDB, and tells one that is none', () => {
    for (const url of [
      'mongodb://db',
      'mongodb+srv://cluster.example.vn/suotdoi',
      'mongodb://u:p%40ss@a:27017,b:27018/suotdoi?replicaSet=rs0&tls=true',
    ])
      expect(readConfig({ STORE_URL: url })).toMatchObject({ ok: true, config: { storeUrl: url } })
    for (const url of ['mongodb://', 'mongodb:db', 'mongodb://db/a/b'])
      expect(messages({ STORE_URL: url })).toEqual([expect.stringContaining('mongodb://HOST/DATABASE')])
  })

  test('help lists every variable of the schema with its default', () => {
    const help = describeVariables()
    for (const [name, variable] of Object.entries(schema.properties)) {
      expect(help).toContain(`${name} `)
      if ('default' in variable) expect(help).toContain(`Default: ${variable.default}`)
    }
  })
})
