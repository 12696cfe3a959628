/**
 * Every problem that a statement can have: what it means, what it cites in each version, and what its sender should do.
 * The schemas in schemas/xapi name these ids beside the rules they belong to.
 */
import type { Problem } from '../problem.ts'
import type { Version } from './types.ts'

interface Kind {
  /** Cited in 1.0.3 (ids of the public conformance requirements). */
  v1: string
  /** Cited in 2.0.0: `XAPI2-<section>-<slug>`. */
  v2: string
  /** The requirement in one line. */
  means: string
  /** What to do. */
  message: string
  status: number
}

function kind(v1: string, v2: string, means: string, message: string, status = 400): Kind {
  return { v1, v2, means, message, status }
}

export const PROBLEMS = {
  // The text
  'statement-large': kind(
    'XAPI-00328',
    'XAPI2-4.1.5-too-large',
    'A statement is no larger than the store takes.',
    'Make this statement smaller: large data goes along as an attachment.',
    413,
  ),
  'statements-many': kind(
    'XAPI-00328',
    'XAPI2-4.1.5-too-large',
    'A request holds no more statements than the store takes at once.',
    'Send the statements in several requests.',
    413,
  ),
  'json-syntax': kind('XAPI-00014', 'XAPI2-4.2.1-json', 'Statements are JSON.', 'Send valid JSON.'),
  'json-depth': kind(
    'XAPI-00014',
    'XAPI2-4.2.1-json',
    'A statement is nested no deeper than 64 arrays and objects.',
    'Nest no deeper than 64 arrays and objects.',
  ),
  'json-repeated-key': kind(
    'XAPI-00021',
    'XAPI2-4.2.1-once',
    'Each property stands at most once in its object.',
    'Give this property once in its object.',
  ),
  'json-nul': kind(
    'XAPI-00015',
    'XAPI2-4.1.2-utf8',
    'Strings hold no NUL character.',
    'Take the character U+0000 out of this text.',
  ),
  'json-surrogate': kind(
    'XAPI-00015',
    'XAPI2-4.1.2-utf8',
    'Strings are well-formed Unicode.',
    'Take the lone half of a surrogate pair out of this text.',
  ),
  'json-number': kind(
    'XAPI-00002',
    'XAPI2-4.2.1-json',
    'Numbers are within the range of a double.',
    'Give a number below 1.8e308, written in at most 1,100 characters, or a string.',
  ),
  // Any property
  'value-null': kind(
    'XAPI-00001',
    'XAPI2-4.2.1-null',
    'No property is null, except within extensions.',
    'Leave this property out instead of setting it to null.',
  ),
  'property-unknown': kind(
    'XAPI-00010',
    'XAPI2-4.2.1-unknown',
    'Only properties of the specification are used.',
    'Remove this property, which the specification does not have here; what is your own goes into extensions.',
  ),
  'property-case': kind(
    'XAPI-00008',
    'XAPI2-4.2.1-case',
    'Names of properties are case-sensitive.',
    'Write the name of this property as the specification does; case matters.',
  ),
  'statement-shape': kind(
    'XAPI-00006',
    'XAPI2-4.2.1-type',
    'Every value has the type that the specification gives it.',
    'Give this value the type that the specification asks for.',
  ),
  // Statement
  statement: kind(
    'XAPI-00006',
    'XAPI2-4.2.1-type',
    'A statement is an object.',
    'Send a statement as an object, or several in one array.',
  ),
  'statement-id': kind(
    'XAPI-00027',
    'XAPI2-4.2.2-id',
    'A statement id is a UUID in standard string form.',
    'Give id as a UUID such as 6690e6c9-3ef0-4ed3-8b37-7f3964730bee, or leave it out to have one made.',
  ),
  'statement-id-repeated': kind(
    'XAPI-00326',
    'XAPI2-4.1.6.1-batch-same-id',
    'Ids are distinct within a request.',
    'Give each statement of the request an id of its own.',
  ),
  'statement-id-parameter': kind(
    'XAPI-00145',
    'XAPI2-4.1.6.1-put-id',
    'The id in a PUT is the statementId parameter.',
    'Make id equal to the parameter statementId, or leave id out.',
  ),
  'statement-single': kind(
    'XAPI-00145',
    'XAPI2-4.1.6.1-put-single',
    'PUT stores one statement.',
    'Send one statement with PUT; use POST for several.',
  ),
  'statement-actor': kind(
    'XAPI-00003',
    'XAPI2-4.2.1-actor',
    'A statement has an actor, which is an object.',
    'Give actor: an Agent or a Group.',
  ),
  'statement-verb': kind(
    'XAPI-00004',
    'XAPI2-4.2.1-verb',
    'A statement has a verb, which is an object.',
    'Give verb: an object with an id.',
  ),
  'statement-object': kind(
    'XAPI-00005',
    'XAPI2-4.2.1-object',
    'A statement has an object.',
    'Give object: an Activity, Agent, Group, StatementRef or SubStatement.',
  ),
  'statement-result': kind(
    'XAPI-00006',
    'XAPI2-4.2.2.4-result',
    'result is an object.',
    'Give result as an object.',
  ),
  'statement-context': kind(
    'XAPI-00006',
    'XAPI2-4.2.2.5-context',
    'context is an object.',
    'Give context as an object.',
  ),
  timestamp: kind(
    'XAPI-00022',
    'XAPI2-4.2.2-timestamp',
    'timestamp is an ISO 8601 date and time (2.0: RFC 3339) whose offset is not -00, -0000 or -00:00.',
    'Give timestamp as a date and time with its zone, such as 2026-05-04T12:00:00.000Z.',
  ),
  stored: kind(
    'XAPI-00023',
    'XAPI2-4.2.2-stored',
    'stored is a timestamp.',
    'Leave stored out: the store sets it. If sent, it must be a date and time.',
  ),
  version: kind(
    'XAPI-00101',
    'XAPI2-4.2.2-version',
    'version is 1.0 or 1.0.x (2.0: also 2.0 or 2.0.x).',
    'Leave version out, or give the version of the specification that the statement follows (1.0.0, 2.0.0).',
  ),
  // Actors
  'actor-object-type': kind(
    'XAPI-00031',
    'XAPI2-4.2.2.1-object-type',
    'objectType of an actor is Agent or Group; a member is an Agent.',
    'Give objectType as Agent or Group, spelled so; members of a Group are Agents.',
  ),
  'group-object-type': kind(
    'XAPI-00037',
    'XAPI2-4.2.2.1-group',
    'A Group says objectType Group.',
    'Set objectType to Group here.',
  ),
  'agent-name': kind('XAPI-00033', 'XAPI2-4.2.2.1-name', 'name is a string.', 'Give name as a string.'),
  'agent-identifier': kind(
    'XAPI-00034',
    'XAPI2-4.2.2.1-one-identifier',
    'An Agent has exactly one of mbox, mbox_sha1sum, openid and account.',
    'Give exactly one of mbox, mbox_sha1sum, openid and account.',
  ),
  'group-identifier': kind(
    'XAPI-00037',
    'XAPI2-4.2.2.1-group-identifier',
    'A Group has exactly one identifier, or none and then its members.',
    'Give exactly one of mbox, mbox_sha1sum, openid and account, or none of them and member.',
  ),
  'group-member': kind(
    'XAPI-00036',
    'XAPI2-4.2.2.1-member',
    'member is an array of Agents.',
    'Give member as an array of Agents.',
  ),
  'agent-mbox': kind(
    'XAPI-00038',
    'XAPI2-4.2.2.1-mbox',
    'mbox is a mailto IRI with one e-mail address.',
    'Give mbox as mailto: and one e-mail address, such as mailto:name@example.org.',
  ),
  'agent-mbox-sha1sum': kind(
    'XAPI-00039',
    'XAPI2-4.2.2.1-mbox-sha1sum',
    'mbox_sha1sum is a SHA-1 in hex.',
    'Give mbox_sha1sum as the 40 hex digits of the SHA-1 of the mailto IRI.',
  ),
  'agent-openid': kind(
    'XAPI-00040',
    'XAPI2-4.2.2.1-openid',
    'openid is a URI.',
    'Give openid as a URI with its scheme.',
  ),
  'agent-account': kind(
    'XAPI-00041',
    'XAPI2-4.2.2.1-account',
    'account is an object with homePage and name.',
    'Give account as an object with homePage and name.',
  ),
  'account-home-page': kind(
    'XAPI-00042',
    'XAPI2-4.2.2.1-account-home-page',
    'An account has a homePage, which is an IRL.',
    'Give homePage as an IRL with its scheme, such as https://lms.example.org.',
  ),
  'account-name': kind(
    'XAPI-00043',
    'XAPI2-4.2.2.1-account-name',
    'An account has a name, which is a string.',
    'Give name as a string, numbers too.',
  ),
  authority: kind(
    'XAPI-00024',
    'XAPI2-4.2.2-authority',
    'authority is an Agent, or a Group of exactly two Agents.',
    'Leave authority out: the store sets it. If sent, it must be an Agent or an anonymous Group of two.',
  ),
  'authority-group': kind(
    'XAPI-00098',
    'XAPI2-4.2.2-authority-group',
    'A Group as authority is anonymous and has exactly two members.',
    'Leave authority out: the store sets it. A Group here must be anonymous, with exactly two members.',
  ),
  // Verb
  'verb-id': kind(
    'XAPI-00044',
    'XAPI2-4.2.2.2-id',
    'A verb has an id, which is an IRI.',
    'Give the id of the verb as an IRI with its scheme.',
  ),
  'verb-display': kind(
    'XAPI-00045',
    'XAPI2-4.2.2.2-display',
    'display is a language map.',
    'Give display as an object from language tags to texts.',
  ),
  'voiding-object': kind(
    'XAPI-00017',
    'XAPI2-4.2.5-object',
    'The object of a voiding statement is a StatementRef.',
    'Give the statement to be voided as object, with objectType StatementRef and its id.',
  ),
  // Object
  'object-object-type': kind(
    'XAPI-00046',
    'XAPI2-4.2.2.3-object-type',
    'objectType of an object is Activity, Agent, Group, StatementRef or SubStatement.',
    'Give objectType as Activity, Agent, Group, StatementRef or SubStatement, spelled so, or leave it out for an Activity.',
  ),
  'activity-id': kind(
    'XAPI-00047',
    'XAPI2-4.2.2.3-activity-id',
    'An Activity has an id, which is an IRI.',
    'Give the id of the Activity as an IRI with its scheme.',
  ),
  'activity-definition': kind(
    'XAPI-00048',
    'XAPI2-4.2.2.3-definition',
    'definition is an object.',
    'Give definition as an object.',
  ),
  'definition-name': kind(
    'XAPI-00056',
    'XAPI2-4.2.2.3-name',
    'name of a definition is a language map.',
    'Give name as an object from language tags to texts.',
  ),
  'definition-description': kind(
    'XAPI-00059',
    'XAPI2-4.2.2.3-description',
    'description of a definition is a language map.',
    'Give description as an object from language tags to texts.',
  ),
  'definition-type': kind(
    'XAPI-00060',
    'XAPI2-4.2.2.3-type',
    'type of a definition is an IRI.',
    'Give type as an IRI with its scheme.',
  ),
  'definition-more-info': kind(
    'XAPI-00061',
    'XAPI2-4.2.2.3-more-info',
    'moreInfo is an IRL.',
    'Give moreInfo as an IRL with its scheme.',
  ),
  'definition-extensions': kind(
    'XAPI-00057',
    'XAPI2-4.2.2.3-extensions',
    'extensions of a definition are an object.',
    'Give extensions as an object from IRIs to values.',
  ),
  'interaction-type': kind(
    'XAPI-00049',
    'XAPI2-4.2.2.3-interaction-type',
    'interactionType is one of the ten of the specification.',
    'Give interactionType as one of true-false, choice, fill-in, long-fill-in, matching, performance, sequencing, likert, numeric and other.',
  ),
  'interaction-type-missing': kind(
    'XAPI-00064',
    'XAPI2-4.2.4.2-interaction-type',
    'What describes an interaction comes with its interactionType.',
    'Give interactionType beside this property.',
  ),
  'correct-responses-pattern': kind(
    'XAPI-00050',
    'XAPI2-4.2.2.3-correct-responses',
    'correctResponsesPattern is an array of strings.',
    'Give correctResponsesPattern as an array of strings.',
  ),
  'interaction-choices': kind(
    'XAPI-00055',
    'XAPI2-4.2.2.3-components',
    'choices is an array of interaction components.',
    'Give choices as an array of objects, each with an id.',
  ),
  'interaction-scale': kind(
    'XAPI-00054',
    'XAPI2-4.2.2.3-components',
    'scale is an array of interaction components.',
    'Give scale as an array of objects, each with an id.',
  ),
  'interaction-source': kind(
    'XAPI-00053',
    'XAPI2-4.2.2.3-components',
    'source is an array of interaction components.',
    'Give source as an array of objects, each with an id.',
  ),
  'interaction-target': kind(
    'XAPI-00052',
    'XAPI2-4.2.2.3-components',
    'target is an array of interaction components.',
    'Give target as an array of objects, each with an id.',
  ),
  'interaction-steps': kind(
    'XAPI-00051',
    'XAPI2-4.2.2.3-components',
    'steps is an array of interaction components.',
    'Give steps as an array of objects, each with an id.',
  ),
  'interaction-component': kind(
    'XAPI-00063',
    'XAPI2-4.2.2.3-components',
    'An interaction component is an object.',
    'Give each component of the list as an object with an id.',
  ),
  'interaction-list': kind(
    'XAPI-00064',
    'XAPI2-4.2.2.3-component-lists',
    'A definition has only the component lists of its interactionType.',
    'Use choices for choice and sequencing, scale for likert, source and target for matching, steps for performance, and none for the others.',
  ),
  'component-id': kind(
    'XAPI-00058',
    'XAPI2-4.2.2.3-component-id',
    'A component has an id, which is a string.',
    'Give the component an id that is a string.',
  ),
  'component-id-repeated': kind(
    'XAPI-00058',
    'XAPI2-4.2.2.3-component-id-distinct',
    'Ids of components are distinct within their list.',
    'Give each component of this list an id of its own.',
  ),
  'component-description': kind(
    'XAPI-00062',
    'XAPI2-4.2.2.3-component-description',
    'description of a component is a language map.',
    'Give description as an object from language tags to texts.',
  ),
  'statement-ref-object-type': kind(
    'XAPI-00073',
    'XAPI2-4.2.2.3-statement-ref',
    'A reference to a statement says objectType StatementRef.',
    'Set objectType to StatementRef here.',
  ),
  'statement-ref-id': kind(
    'XAPI-00072',
    'XAPI2-4.2.2.3-statement-ref-id',
    'A StatementRef has an id, which is a UUID.',
    'Give the id of the statement, a UUID.',
  ),
  'sub-statement-object-type': kind(
    'XAPI-00071',
    'XAPI2-4.2.2.3-sub-statement-nesting',
    'The object of a SubStatement is no SubStatement.',
    'Give an Activity, Agent, Group or StatementRef as the object of a SubStatement.',
  ),
  'sub-statement-id': kind(
    'XAPI-00070',
    'XAPI2-4.2.2.3-sub-statement-id',
    'A SubStatement has no id.',
    'Remove id from the SubStatement.',
  ),
  'sub-statement-stored': kind(
    'XAPI-00069',
    'XAPI2-4.2.2.3-sub-statement-stored',
    'A SubStatement has no stored.',
    'Remove stored from the SubStatement.',
  ),
  'sub-statement-version': kind(
    'XAPI-00068',
    'XAPI2-4.2.2.3-sub-statement-version',
    'A SubStatement has no version.',
    'Remove version from the SubStatement.',
  ),
  'sub-statement-authority': kind(
    'XAPI-00067',
    'XAPI2-4.2.2.3-sub-statement-authority',
    'A SubStatement has no authority.',
    'Remove authority from the SubStatement.',
  ),
  // Result
  'result-score': kind(
    'XAPI-00079',
    'XAPI2-4.2.2.4-score',
    'score is an object.',
    'Give score as an object.',
  ),
  'result-success': kind(
    'XAPI-00074',
    'XAPI2-4.2.2.4-success',
    'success is true or false.',
    'Give success as true or false, without quotes.',
  ),
  'result-completion': kind(
    'XAPI-00075',
    'XAPI2-4.2.2.4-completion',
    'completion is true or false.',
    'Give completion as true or false, without quotes.',
  ),
  'result-response': kind(
    'XAPI-00076',
    'XAPI2-4.2.2.4-response',
    'response is a string.',
    'Give response as a string.',
  ),
  'result-duration': kind(
    'XAPI-00077',
    'XAPI2-4.2.7-duration',
    'duration is an ISO 8601 duration with designators; weeks stand alone.',
    'Give duration as PnYnMnDTnHnMnS or PnW, such as PT1H30M, a fraction only in its last part.',
  ),
  'result-extensions': kind(
    'XAPI-00078',
    'XAPI2-4.2.2.4-extensions',
    'extensions of a result are an object.',
    'Give extensions as an object from IRIs to values.',
  ),
  'score-scaled': kind(
    'XAPI-00083',
    'XAPI2-4.2.2.4-scaled',
    'scaled is a number from -1 to 1.',
    'Give scaled as a number from -1 to 1.',
  ),
  'score-raw': kind(
    'XAPI-00082',
    'XAPI2-4.2.2.4-raw',
    'raw is a number from min to max.',
    'Give raw as a number, not below min and not above max.',
  ),
  'score-min': kind(
    'XAPI-00081',
    'XAPI2-4.2.2.4-min',
    'min is a number below max.',
    'Give min as a number below max.',
  ),
  'score-max': kind('XAPI-00080', 'XAPI2-4.2.2.4-max', 'max is a number.', 'Give max as a number above min.'),
  // Context
  'context-registration': kind(
    'XAPI-00087-1',
    'XAPI2-4.2.2.5-registration',
    'registration is a UUID.',
    'Give registration as a UUID.',
  ),
  'context-instructor': kind(
    'XAPI-00087-2',
    'XAPI2-4.2.2.5-instructor',
    'instructor is an Agent or a Group.',
    'Give instructor as an Agent or a Group.',
  ),
  'context-team': kind('XAPI-00088', 'XAPI2-4.2.2.5-team', 'team is a Group.', 'Give team as a Group.'),
  'context-activities': kind(
    'XAPI-00086',
    'XAPI2-4.2.2.5-context-activities',
    'contextActivities is an object.',
    'Give contextActivities as an object with parent, grouping, category or other.',
  ),
  'context-activities-key': kind(
    'XAPI-00093',
    'XAPI2-4.2.2.5-context-activities-key',
    'contextActivities has no other keys than parent, grouping, category and other.',
    'Use parent, grouping, category or other.',
  ),
  'context-activities-value': kind(
    'XAPI-00094',
    'XAPI2-4.2.2.5-context-activities-value',
    'Context activities are an Activity or an array of Activities.',
    'Give an Activity or an array of Activities.',
  ),
  'context-revision': kind(
    'XAPI-00089',
    'XAPI2-4.2.2.5-revision',
    'revision is a string.',
    'Give revision as a string.',
  ),
  'context-platform': kind(
    'XAPI-00090',
    'XAPI2-4.2.2.5-platform',
    'platform is a string.',
    'Give platform as a string.',
  ),
  'context-revision-object': kind(
    'XAPI-00084',
    'XAPI2-4.2.2.5-revision-object',
    'revision is for statements about an Activity.',
    'Remove revision from the context, or make the object an Activity.',
  ),
  'context-platform-object': kind(
    'XAPI-00085',
    'XAPI2-4.2.2.5-platform-object',
    'platform is for statements about an Activity.',
    'Remove platform from the context, or make the object an Activity.',
  ),
  'context-language': kind(
    'XAPI-00091',
    'XAPI2-4.2.2.5-language',
    'language is an RFC 5646 language tag.',
    'Give language as a language tag such as vi or en-GB.',
  ),
  'context-statement': kind(
    'XAPI-00092',
    'XAPI2-4.2.2.5-statement',
    'statement of a context is a StatementRef.',
    'Give statement as an object with objectType StatementRef and an id.',
  ),
  'context-extensions': kind(
    'XAPI-00120',
    'XAPI2-4.2.2.5-extensions',
    'extensions of a context are an object.',
    'Give extensions as an object from IRIs to values.',
  ),
  'context-agents': kind(
    'XAPI-00010',
    'XAPI2-4.2.2.5-context-agents',
    'contextAgents are objects with objectType contextAgent and an agent.',
    'Give an array of objects with objectType contextAgent, agent and, if wanted, relevantTypes.',
  ),
  'context-groups': kind(
    'XAPI-00010',
    'XAPI2-4.2.2.5-context-groups',
    'contextGroups are objects with objectType contextGroup and a group.',
    'Give an array of objects with objectType contextGroup, group and, if wanted, relevantTypes.',
  ),
  'context-agents-version': kind(
    'XAPI-00010',
    'XAPI2-4.2.2.5-context-agents',
    'contextAgents and contextGroups belong to 2.0 only.',
    'Send the statement as 2.0 (header X-Experience-API-Version: 2.0.0), or remove contextAgents and contextGroups.',
  ),
  'relevant-types': kind(
    'XAPI-00010',
    'XAPI2-4.2.2.5-relevant-types',
    'relevantTypes is an array of at least one IRI.',
    'Give relevantTypes as an array of IRIs, or leave it out.',
  ),
  // Maps
  'language-tag': kind(
    'XAPI-00121',
    'XAPI2-4.2.7-language-tag',
    'Keys of a language map are RFC 5646 tags.',
    'Use a language tag such as vi or en-GB as the key.',
  ),
  'language-text': kind(
    'XAPI-00121',
    'XAPI2-4.2.7-language-text',
    'Values of a language map are strings.',
    'Give a text for this language.',
  ),
  'extension-key': kind(
    'XAPI-00118',
    'XAPI2-4.2.7-extension-key',
    'Keys of extensions are IRIs.',
    'Use an IRI with its scheme as the key.',
  ),
  // Attachments
  attachments: kind(
    'XAPI-00025',
    'XAPI2-4.2.2.6-attachments',
    'attachments is an array.',
    'Give attachments as an array.',
  ),
  attachment: kind(
    'XAPI-00025',
    'XAPI2-4.2.2.6-attachments',
    'An attachment is an object.',
    'Give an attachment as an object.',
  ),
  'attachment-usage-type': kind(
    'XAPI-00107',
    'XAPI2-4.2.2.6-usage-type',
    'An attachment has a usageType, which is an IRI.',
    'Give usageType as an IRI with its scheme.',
  ),
  'attachment-display': kind(
    'XAPI-00106',
    'XAPI2-4.2.2.6-display',
    'An attachment has a display, which is a language map.',
    'Give display as an object from language tags to texts.',
  ),
  'attachment-description': kind(
    'XAPI-00121',
    'XAPI2-4.2.2.6-description',
    'description of an attachment is a language map.',
    'Give description as an object from language tags to texts.',
  ),
  'attachment-content-type': kind(
    'XAPI-00105',
    'XAPI2-4.2.2.6-content-type',
    'An attachment has a contentType, which is a media type.',
    'Give contentType as a media type such as application/pdf.',
  ),
  'attachment-length': kind(
    'XAPI-00102',
    'XAPI2-4.2.2.6-length',
    'An attachment has a length, which is a whole number of bytes.',
    'Give length as the number of bytes.',
  ),
  'attachment-sha2': kind(
    'XAPI-00103',
    'XAPI2-4.2.2.6-sha2',
    'An attachment has a sha2, the SHA-2 of its data in hex.',
    'Give sha2 as the hex digits of the SHA-2 of the data (64 for SHA-256).',
  ),
  'attachment-file-url': kind(
    'XAPI-00104',
    'XAPI2-4.2.2.6-file-url',
    'fileUrl is an IRL.',
    'Give fileUrl as an IRL with its scheme.',
  ),
  'attachment-part-missing': kind(
    'XAPI-00129',
    'XAPI2-4.1.3-part-missing',
    'The data of an attachment without fileUrl comes in a part of the request.',
    'Send multipart/mixed with a part whose X-Experience-API-Hash is this SHA-256, or give fileUrl.',
  ),
  'attachment-part-content-type': kind(
    'XAPI-00105',
    'XAPI2-4.1.3-multipart-parameters-match',
    'A part says the same content type as its attachment.',
    'Make contentType and the Content-Type of the part with this hash equal.',
  ),
  'attachment-part-unclaimed': kind(
    'XAPI-00128',
    'XAPI2-4.1.3-part-unclaimed',
    'Every part of the request belongs to an attachment.',
    'Name this part in attachments by its sha2, or do not send it.',
  ),
  // Signatures
  'signature-content-type': kind(
    'XAPI-00115',
    'XAPI2-4.2.6-content-type',
    'A signature is application/octet-stream.',
    'Set contentType of the signature to application/octet-stream.',
  ),
  'signature-part': kind(
    'XAPI-00115',
    'XAPI2-4.2.6-part',
    'A signature comes in a part of the request.',
    'Send the signature as a part of the request, of at most 1 MB, with content type application/octet-stream.',
  ),
  'signature-jws': kind(
    'XAPI-00115',
    'XAPI2-4.2.6-jws',
    'A signature is a JSON web signature in compact form.',
    'Send the signature as a JWS in compact serialization (RFC 7515).',
  ),
  'signature-algorithm': kind(
    'XAPI-00117',
    'XAPI2-4.2.6-algorithm',
    'A signature is made with RS256, RS384 or RS512.',
    'Sign with RS256, RS384 or RS512.',
  ),
  'signature-payload': kind(
    'XAPI-00116',
    'XAPI2-4.2.6-payload',
    'The payload of a signature is the statement as JSON.',
    'Sign the JSON text of the whole statement as it was before the signature was added.',
  ),
  'signature-different': kind(
    'XAPI-00116',
    'XAPI2-4.2.6-equivalent',
    'The signed statement is equivalent to the one sent.',
    'Sign the same statement that is sent; the payload differs from it.',
  ),
  'signature-invalid': kind(
    'XAPI-00117',
    'XAPI2-4.2.6-certificate',
    'A signature with x5c verifies against its certificate.',
    'Sign with the private key of the first certificate in x5c, and give its chain in order.',
  ),
} as const satisfies Record<string, Kind>

export type ProblemId = keyof typeof PROBLEMS

/** The problem as it stands in a refusal; `detail` is put behind the message. */
export function problem(id: ProblemId, version: Version, path: string, detail = ''): Problem {
  const { v1, v2, message, status } = PROBLEMS[id]
  return {
    id,
    status,
    requirement: version === '1.0.3' ? v1 : v2,
    path,
    message: detail ? `${message} ${detail}` : message,
  }
}
