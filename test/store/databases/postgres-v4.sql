--
-- PostgreSQL database dump
--


-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: api_user; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.api_user (
    user_id text NOT NULL COLLATE pg_catalog."C",
    encrypted_secret bytea NOT NULL,
    created_at timestamp with time zone NOT NULL
);


--
-- Name: call_count; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.call_count (
    server text NOT NULL COLLATE pg_catalog."C",
    written_at timestamp with time zone NOT NULL,
    day timestamp with time zone NOT NULL,
    today bigint NOT NULL,
    under_way integer NOT NULL,
    recent jsonb NOT NULL
)
WITH (fillfactor='50');


--
-- Name: call_lock; Type: TABLE; Schema: public; Owner: -
--

CREATE UNLOGGED TABLE public.call_lock (
    slot integer NOT NULL
);


--
-- Name: channel; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.channel (
    name text NOT NULL COLLATE pg_catalog."C",
    "position" integer NOT NULL
);


--
-- Name: channel_status; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.channel_status (
    channel text NOT NULL COLLATE pg_catalog."C",
    "position" integer NOT NULL,
    status text NOT NULL COLLATE pg_catalog."C",
    step bigint NOT NULL,
    success boolean NOT NULL,
    attributes jsonb NOT NULL
);


--
-- Name: company; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.company (
    id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    external_keys jsonb NOT NULL
);


--
-- Name: external_key; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.external_key (
    object_type text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C",
    object_id bigint NOT NULL,
    loose boolean NOT NULL,
    spelled_name text COLLATE pg_catalog."C"
);


--
-- Name: field_definition; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.field_definition (
    owner text NOT NULL COLLATE pg_catalog."C",
    folded_name text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    display_name text COLLATE pg_catalog."C",
    description text COLLATE pg_catalog."C",
    data_type text NOT NULL COLLATE pg_catalog."C",
    size bigint,
    reference_to text COLLATE pg_catalog."C",
    defined_at timestamp with time zone
);


--
-- Name: journal; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.journal (
    number bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    user_id text NOT NULL COLLATE pg_catalog."C",
    operation text NOT NULL COLLATE pg_catalog."C",
    mode text COLLATE pg_catalog."C",
    address text COLLATE pg_catalog."C",
    fault integer,
    rows jsonb NOT NULL,
    call_id text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    outcome_unknown boolean DEFAULT false NOT NULL
);


--
-- Name: journal_number_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.journal ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.journal_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: key_field; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.key_field (
    object_type text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: lead; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.lead (
    id bigint NOT NULL,
    email text COLLATE pg_catalog."C",
    company_id bigint,
    attributes jsonb NOT NULL
);


--
-- Name: meta; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.meta (
    name text NOT NULL COLLATE pg_catalog."C",
    value bigint NOT NULL
);


--
-- Name: migration; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.migration (
    number integer NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    applied_at timestamp with time zone NOT NULL
);


--
-- Name: opportunity; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.opportunity (
    id bigint NOT NULL,
    amount double precision,
    close_date date,
    company_id bigint,
    description text COLLATE pg_catalog."C",
    expected_revenue double precision,
    external_created_date timestamp with time zone,
    fiscal text COLLATE pg_catalog."C",
    fiscal_quarter bigint,
    fiscal_year bigint,
    forecast_category_name text COLLATE pg_catalog."C",
    is_closed boolean,
    is_won boolean,
    last_activity_date date,
    lead_source text COLLATE pg_catalog."C",
    name text COLLATE pg_catalog."C",
    next_step text COLLATE pg_catalog."C",
    probability bigint,
    quantity double precision,
    stage text COLLATE pg_catalog."C",
    type text COLLATE pg_catalog."C",
    custom jsonb,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);


--
-- Name: opportunity_id; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.opportunity_id
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: opportunity_person_role; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.opportunity_person_role (
    id bigint NOT NULL,
    external_created_date timestamp with time zone,
    is_primary boolean,
    opportunity_id bigint,
    person_id bigint,
    role text COLLATE pg_catalog."C",
    custom jsonb,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);


--
-- Name: opportunity_person_role_id; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.opportunity_person_role_id
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: program; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.program (
    id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    type text NOT NULL COLLATE pg_catalog."C",
    channel text COLLATE pg_catalog."C",
    workspace_id bigint,
    workspace_name text COLLATE pg_catalog."C",
    tree_path text COLLATE pg_catalog."C",
    is_archived boolean NOT NULL,
    start_date text COLLATE pg_catalog."C",
    end_date text COLLATE pg_catalog."C",
    crm_id text COLLATE pg_catalog."C",
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);


--
-- Name: program_cost; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.program_cost (
    id bigint NOT NULL,
    program_id bigint NOT NULL,
    month date NOT NULL,
    amount double precision NOT NULL,
    note text COLLATE pg_catalog."C"
);


--
-- Name: program_cost_id; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.program_cost_id
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: program_tag; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.program_tag (
    program_id bigint NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: program_token; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.program_token (
    program_id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: server_secret; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.server_secret (
    name text NOT NULL COLLATE pg_catalog."C",
    value bytea NOT NULL
);


--
-- Name: tag_type; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tag_type (
    name text NOT NULL COLLATE pg_catalog."C",
    "position" integer NOT NULL
);


--
-- Name: tag_value; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tag_value (
    tag_type text NOT NULL COLLATE pg_catalog."C",
    "position" integer NOT NULL,
    value text NOT NULL COLLATE pg_catalog."C"
);


--
-- Data for Name: api_user; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.api_user VALUES
	('one', '\x010203', '2026-11-23 12:00:00+00'),
	('Zwei ä', '\xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', '2026-11-23 13:00:00+00');


--
-- Data for Name: call_count; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: channel; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.channel VALUES
	('Webinar', 0),
	('Blog', 1);


--
-- Data for Name: channel_status; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.channel_status VALUES
	('Webinar', 0, 'Registered', 20, false, '[["Webinar Behavior", "Registered"]]'),
	('Webinar', 1, 'Attended', 30, true, '[]');


--
-- Data for Name: company; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.company VALUES
	(1, 'ACME', '{"cAccountFSID": "C123"}'),
	(2, '', '{}'),
	(7, 'Zwölf', '{"Fsid": "C\u00010", "cAccountFSID": "C124"}');


--
-- Data for Name: external_key; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.external_key VALUES
	('Company', 'caccountfsid', 'C123', 1, false, NULL),
	('Lead', 'fspid', '12346', 19, false, NULL),
	('Lead', 'any name', 'x', 19, false, NULL),
	('Lead', 'email', 'a@example.com', 19, false, NULL),
	('Opportunity', 'foreign id', 'f-1', 64, true, 'Foreign Id'),
	('OpportunityPersonRole', 'k', 'v', 7, true, 'k'),
	('Opportunity', 'name', 'Zeile
"zwei" 😀', 64, false, NULL),
	('Opportunity', 'name', 'Same', 101, false, NULL),
	('Opportunity', 'name', 'Same', 102, false, NULL),
	('Opportunity', 'opportunityid', '007', 64, false, NULL),
	('Opportunity', 'opportunityid', '007', 103, false, NULL),
	('Opportunity', 'rating', '4', 64, false, NULL),
	('Opportunity', 'iswon', 'true', 64, false, NULL),
	('Opportunity', 'iswon', 'true', 103, false, NULL),
	('Opportunity', 'closedate', '2013-06-30', 64, false, NULL),
	('Opportunity', 'closedate', '0001-01-01', 102, false, NULL),
	('Opportunity', 'owntext', 'text 0 zero', 101, false, NULL),
	('Opportunity', 'ownnumber', '1e+300', 101, false, NULL),
	('OpportunityPersonRole', 'level', '3', 201, false, NULL),
	('Company', 'fsid', 'C0', 7, false, NULL),
	('Company', 'caccountfsid', 'C124', 7, false, NULL),
	('Lead', 'fspid', '777', 21, false, NULL),
	('Lead', 'score', '5', 21, false, NULL),
	('Lead', 'another name', 'o''clock', 21, false, NULL),
	('Lead', 'email', 'Mixed@Example.com', 21, false, NULL),
	('Opportunity', 'loose', 'one', 101, true, 'Loose'),
	('Opportunity', 'loose', 'one', 102, true, 'loose'),
	('OpportunityPersonRole', 'rolle ä', '1', 202, true, 'Rolle Ä'),
	('Opportunity', 'name', 'changed', 105, false, NULL),
	('Opportunity', 'opportunityid', '106', 105, false, NULL);


--
-- Data for Name: field_definition; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.field_definition VALUES
	('Opportunity', 'opportunityid', 'opportunityId', NULL, NULL, 'string', 2000, NULL, '2026-11-23 12:00:00+00'),
	('Opportunity', 'rating', 'rating', 'Rating', 'From 1 to 5', 'integer', NULL, NULL, '2026-11-23 12:00:00+00'),
	('Opportunity', 'unlimited', 'unlimited', NULL, NULL, 'string', NULL, NULL, '2026-11-23 12:00:00+00'),
	('OpportunityPersonRole', 'since', 'since', NULL, NULL, 'datetime', NULL, NULL, '2026-11-23 12:00:00+00'),
	('Lead', 'fspid', 'FSPID', NULL, NULL, 'string', 50, NULL, '2026-11-23 12:00:00+00'),
	('Company', 'caccountfsid', 'cAccountFSID', NULL, NULL, 'string', 2000, NULL, '2026-11-23 12:00:00+00'),
	('Opportunity', 'owntext', 'ownText', 'Own "text"', 'a1b', 'string', 255, NULL, '2026-11-23 12:00:00+00'),
	('Opportunity', 'ownnumber', 'ownNumber', NULL, NULL, 'float', NULL, NULL, NULL),
	('Opportunity', 'ownflag', 'ownFlag', NULL, NULL, 'boolean', NULL, NULL, NULL),
	('Opportunity', 'owntime', 'ownTime', NULL, NULL, 'datetime', NULL, NULL, NULL),
	('OpportunityPersonRole', 'level', 'level', NULL, NULL, 'integer', NULL, NULL, NULL),
	('Lead', 'score', 'Score', NULL, NULL, 'integer', NULL, NULL, NULL);


--
-- Data for Name: journal; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.journal OVERRIDING SYSTEM VALUE VALUES
	(1, '2026-11-23 12:00:00+00', 'u', 'syncMObjects', 'UPSERT', '192.0.2.1', NULL, '[{"id": 64, "type": "Opportunity", "status": "UPDATED"}, {"id": null, "type": "Opportunity", "status": "SKIPPED", "because": "it is \u00011 odd"}]', '', false),
	(2, '2026-11-23 13:00:00+00', 'u', 'getMObjects', NULL, NULL, 20012, '[]', '0198c6f2-call', true),
	(3, '2026-11-23 13:00:00+00', 'nobody', 'listMObjects', NULL, '192.0.2.1', NULL, '[]', '', false);


--
-- Data for Name: key_field; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.key_field VALUES
	('Opportunity', 'name'),
	('Opportunity', 'opportunityid'),
	('Opportunity', 'rating'),
	('Opportunity', 'iswon'),
	('Opportunity', 'closedate'),
	('Opportunity', 'owntext'),
	('Opportunity', 'ownnumber'),
	('OpportunityPersonRole', 'level');


--
-- Data for Name: lead; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.lead VALUES
	(19, 'a@example.com', 1, '{"FSPID": "12346", "Any Name": "x"}'),
	(20, NULL, NULL, '{}'),
	(21, 'Mixed@Example.com', NULL, '{"FSPID": "777", "Score": "5", "Another Name": "o''clock"}');


--
-- Data for Name: meta; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.meta VALUES
	('schema_version', 11);


--
-- Data for Name: migration; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.migration VALUES
	(1, 'records, definitions, journal, users', '2026-11-27 00:40:08.118+00'),
	(2, 'calls counted by each server', '2026-11-27 00:40:08.118+00'),
	(3, 'call ids and unknown outcomes in the journal', '2026-11-27 00:40:08.118+00');


--
-- Data for Name: opportunity; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.opportunity VALUES
	(64, 501.5, '2013-06-30', 1, NULL, NULL, '2013-06-09 22:04:54+00', NULL, NULL, NULL, NULL, NULL, true, NULL, NULL, 'Zeile
"zwei" 😀', NULL, NULL, NULL, NULL, NULL, '{"rating": 4, "opportunityId": "007"}', '2013-01-01 00:00:00+00', '2013-01-02 00:00:00+00'),
	(65, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2013-01-01 00:00:00+00', '2013-01-01 00:00:00+00'),
	(101, -0.5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'Same', NULL, NULL, NULL, 'it''s', '\', '{"ownFlag": false, "ownText": "text \u00010 zero", "ownNumber": 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000}', '2026-11-23 12:00:00+00', '2026-11-23 12:00:00+00'),
	(102, NULL, '0001-01-01', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '9999-12-31', NULL, 'Same', NULL, 100, NULL, NULL, NULL, '{"ownTime": "1999-12-31T23:59:59.999Z"}', '2026-11-23 12:00:00+00', '2026-11-23 12:00:00+00'),
	(103, NULL, NULL, NULL, 'ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää', NULL, NULL, NULL, 1, 2026, NULL, false, true, NULL, NULL, NULL, NULL, NULL, 2.25, NULL, NULL, '{"opportunityId": "007"}', '2026-11-23 12:00:00+00', '2026-11-23 12:00:00+00'),
	(106, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-23 12:00:00+00', '2026-11-23 12:00:00+00'),
	(105, NULL, NULL, NULL, NULL, 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'changed', NULL, NULL, NULL, NULL, NULL, '{"opportunityId": "106"}', '2026-11-23 12:00:00+00', '2026-11-23 13:00:00+00');


--
-- Data for Name: opportunity_person_role; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.opportunity_person_role VALUES
	(7, '2013-06-09 22:04:54+00', true, 64, 19, 'Buyer', '{"since": "2013-01-01T00:00:00.000Z"}', '2013-01-01 00:00:00+00', '2013-01-01 00:00:00+00'),
	(8, NULL, NULL, 63, 20, NULL, NULL, '2013-01-01 00:00:00+00', '2013-01-01 00:00:00+00'),
	(201, NULL, false, 101, 19, 'Buyer', '{"level": 3}', '2026-11-23 12:00:00+00', '2026-11-23 12:00:00+00'),
	(202, NULL, NULL, 101, 20, NULL, NULL, '2026-11-23 12:00:00+00', '2026-11-23 12:00:00+00'),
	(203, NULL, NULL, 104, 20, 'orphan', NULL, '2026-11-23 12:00:00+00', '2026-11-23 12:00:00+00');


--
-- Data for Name: program; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.program VALUES
	(1970, 'Spring', 'Marketing Event', 'Webinar', 1, 'Default', '/Marketing Activities/Default/Spring', true, '2011-08-01 11:00:00', '2011-08-02', '701000000000001AAA', '2011-01-01 00:00:00+00', '2011-01-02 00:00:00+00'),
	(30, 'Program 30', 'Marketing Event', NULL, NULL, NULL, NULL, false, NULL, NULL, NULL, '2026-11-23 12:00:00+00', '2026-11-23 12:00:00+00');


--
-- Data for Name: program_cost; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.program_cost VALUES
	(153, 1970, '2013-06-01', 1500, 'venue'),
	(154, 1970, '2013-06-01', 0.5, NULL),
	(170, 30, '2014-01-01', 0.1, NULL);


--
-- Data for Name: program_tag; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.program_tag VALUES
	(1970, 'Region', 'North'),
	(30, 'Region', 'South');


--
-- Data for Name: program_token; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.program_token VALUES
	(1970, 'my.token', '<b>x</b>'),
	(30, 'my.a', ''),
	(30, 'my.b', '1');


--
-- Data for Name: server_secret; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.server_secret VALUES
	('stream position', '\x497311e3253793997045b441b39147e822f7f9cc95b26380ea7c2ee0ac948b22');


--
-- Data for Name: tag_type; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.tag_type VALUES
	('Region', 0),
	('Empty', 1);


--
-- Data for Name: tag_value; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.tag_value VALUES
	('Region', 0, 'North'),
	('Region', 1, 'South');


--
-- Name: journal_number_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.journal_number_seq', 3, true);


--
-- Name: opportunity_id; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.opportunity_id', 107, true);


--
-- Name: opportunity_person_role_id; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.opportunity_person_role_id', 204, true);


--
-- Name: program_cost_id; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.program_cost_id', 170, true);


--
-- Name: api_user api_user_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.api_user
    ADD CONSTRAINT api_user_pkey PRIMARY KEY (user_id);


--
-- Name: call_count call_count_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.call_count
    ADD CONSTRAINT call_count_pkey PRIMARY KEY (server);


--
-- Name: call_lock call_lock_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.call_lock
    ADD CONSTRAINT call_lock_pkey PRIMARY KEY (slot);


--
-- Name: channel channel_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.channel
    ADD CONSTRAINT channel_pkey PRIMARY KEY (name);


--
-- Name: channel_status channel_status_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.channel_status
    ADD CONSTRAINT channel_status_pkey PRIMARY KEY (channel, "position");


--
-- Name: company company_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.company
    ADD CONSTRAINT company_pkey PRIMARY KEY (id);


--
-- Name: field_definition field_definition_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.field_definition
    ADD CONSTRAINT field_definition_pkey PRIMARY KEY (owner, folded_name);


--
-- Name: journal journal_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.journal
    ADD CONSTRAINT journal_pkey PRIMARY KEY (number);


--
-- Name: key_field key_field_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.key_field
    ADD CONSTRAINT key_field_pkey PRIMARY KEY (object_type, name);


--
-- Name: lead lead_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.lead
    ADD CONSTRAINT lead_pkey PRIMARY KEY (id);


--
-- Name: meta meta_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.meta
    ADD CONSTRAINT meta_pkey PRIMARY KEY (name);


--
-- Name: migration migration_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (number);


--
-- Name: opportunity_person_role opportunity_person_role_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.opportunity_person_role
    ADD CONSTRAINT opportunity_person_role_pkey PRIMARY KEY (id);


--
-- Name: opportunity opportunity_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.opportunity
    ADD CONSTRAINT opportunity_pkey PRIMARY KEY (id);


--
-- Name: program_cost program_cost_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.program_cost
    ADD CONSTRAINT program_cost_pkey PRIMARY KEY (id);


--
-- Name: program program_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.program
    ADD CONSTRAINT program_pkey PRIMARY KEY (id);


--
-- Name: program_tag program_tag_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.program_tag
    ADD CONSTRAINT program_tag_pkey PRIMARY KEY (program_id, type);


--
-- Name: program_token program_token_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.program_token
    ADD CONSTRAINT program_token_pkey PRIMARY KEY (program_id, name);


--
-- Name: server_secret server_secret_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.server_secret
    ADD CONSTRAINT server_secret_pkey PRIMARY KEY (name);


--
-- Name: tag_type tag_type_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tag_type
    ADD CONSTRAINT tag_type_pkey PRIMARY KEY (name);


--
-- Name: tag_value tag_value_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tag_value
    ADD CONSTRAINT tag_value_pkey PRIMARY KEY (tag_type, "position");


--
-- Name: cost_by_program; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX cost_by_program ON public.program_cost USING btree (program_id);


--
-- Name: external_key_by_object; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX external_key_by_object ON public.external_key USING btree (object_type, object_id);


--
-- Name: external_key_by_value; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX external_key_by_value ON public.external_key USING btree (hashtextextended(((name || ':'::text) || value), (0)::bigint), object_id);


--
-- Name: journal_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX journal_by_time ON public.journal USING btree (at);


--
-- Name: lead_by_company; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX lead_by_company ON public.lead USING btree (company_id) WHERE (company_id IS NOT NULL);


--
-- Name: opportunity_by_company; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX opportunity_by_company ON public.opportunity USING btree (company_id) WHERE (company_id IS NOT NULL);


--
-- Name: opportunity_by_created_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX opportunity_by_created_at ON public.opportunity USING btree (created_at) WHERE (created_at IS NOT NULL);


--
-- Name: opportunity_by_name; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX opportunity_by_name ON public.opportunity USING btree ("left"(name, 600)) WHERE (name IS NOT NULL);


--
-- Name: opportunity_by_stage; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX opportunity_by_stage ON public.opportunity USING btree ("left"(stage, 600)) WHERE (stage IS NOT NULL);


--
-- Name: opportunity_by_type; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX opportunity_by_type ON public.opportunity USING btree ("left"(type, 600)) WHERE (type IS NOT NULL);


--
-- Name: opportunity_by_updated_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX opportunity_by_updated_at ON public.opportunity USING btree (updated_at) WHERE (updated_at IS NOT NULL);


--
-- Name: opportunity_person_role_by_created_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX opportunity_person_role_by_created_at ON public.opportunity_person_role USING btree (created_at) WHERE (created_at IS NOT NULL);


--
-- Name: opportunity_person_role_by_updated_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX opportunity_person_role_by_updated_at ON public.opportunity_person_role USING btree (updated_at) WHERE (updated_at IS NOT NULL);


--
-- Name: role_by_opportunity; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX role_by_opportunity ON public.opportunity_person_role USING btree (opportunity_id, person_id);


--
-- Name: role_by_person; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX role_by_person ON public.opportunity_person_role USING btree (person_id);


--
-- Migration 4, by its own statements
--

SET search_path = public;
ALTER TABLE journal ADD COLUMN fault_text text COLLATE "C",
  ADD COLUMN milliseconds double precision,
  ADD COLUMN statuses integer NOT NULL DEFAULT -1;
DROP INDEX journal_by_time;
CREATE INDEX journal_by_time ON journal (at, number) INCLUDE (user_id, operation, fault, statuses);
CREATE TABLE call_body (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  call_id text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  bytes integer NOT NULL,
  request bytea NOT NULL,
  answer bytea NOT NULL
);
CREATE INDEX call_body_by_call ON call_body (call_id);
CREATE INDEX call_body_by_size ON call_body (number) INCLUDE (bytes);
CREATE TABLE traffic (
  span integer NOT NULL,
  since timestamptz NOT NULL,
  run text COLLATE "C" NOT NULL,
  content jsonb NOT NULL,
  PRIMARY KEY (span, since, run)
);
INSERT INTO migration (number, name, applied_at) VALUES (4, 'fault texts, times and statuses in the journal, bodies of calls, traffic', '2026-11-27 04:00:00+00');


--
-- PostgreSQL database dump complete
--


