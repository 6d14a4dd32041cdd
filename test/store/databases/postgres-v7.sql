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
-- Name: activity; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.activity (
    id bigint NOT NULL,
    lead_id bigint NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone NOT NULL,
    asset_name text COLLATE pg_catalog."C",
    campaign text COLLATE pg_catalog."C",
    attributes json NOT NULL
);


--
-- Name: activities; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.activities AS
 SELECT activity.id,
    activity.lead_id,
    activity.type,
    activity.at,
    activity.asset_name,
    activity.campaign,
    activity.attributes
   FROM public.activity;


--
-- Name: VIEW activities; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.activities IS 'Made by mktows. b0127ef8aabe6d76';


--
-- Name: activity_id; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.activity_id
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: api_user; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.api_user (
    user_id text NOT NULL COLLATE pg_catalog."C",
    encrypted_secret bytea NOT NULL,
    created_at timestamp with time zone NOT NULL
);


--
-- Name: call_body; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.call_body (
    number bigint NOT NULL,
    call_id text NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone NOT NULL,
    bytes integer NOT NULL,
    request bytea NOT NULL,
    answer bytea NOT NULL
);


--
-- Name: call_body_number_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.call_body ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.call_body_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
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
-- Name: campaign; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.campaign (
    id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    name_key text COLLATE pg_catalog."C",
    program_id bigint,
    kind text NOT NULL COLLATE pg_catalog."C",
    sources json NOT NULL,
    description text COLLATE pg_catalog."C"
);


--
-- Name: campaign_id; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.campaign_id
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: campaign_run; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.campaign_run (
    id bigint NOT NULL,
    campaign_id bigint NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone NOT NULL,
    run_at timestamp with time zone,
    source text COLLATE pg_catalog."C",
    lead_ids json NOT NULL,
    tokens json NOT NULL
);


--
-- Name: campaign_run_id; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.campaign_run_id
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: campaign_runs; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.campaign_runs AS
 SELECT campaign_run.id,
    campaign_run.campaign_id,
    campaign_run.kind,
    campaign_run.at,
    campaign_run.run_at,
    campaign_run.source,
    campaign_run.lead_ids,
    campaign_run.tokens
   FROM public.campaign_run;


--
-- Name: VIEW campaign_runs; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.campaign_runs IS 'Made by mktows. 4ba0c60105ff6eff';


--
-- Name: campaigns; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.campaigns AS
 SELECT campaign.id,
    campaign.name,
    campaign.program_id,
    campaign.kind,
    campaign.sources,
    campaign.description
   FROM public.campaign;


--
-- Name: VIEW campaigns; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.campaigns IS 'Made by mktows. 5ea4937f6e0f25df';


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
    external_keys jsonb NOT NULL,
    name_key text COLLATE pg_catalog."C"
);


--
-- Name: companies; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.companies AS
 SELECT company.id,
    company.name,
    company.external_keys,
    (company.external_keys ->> 'cAccountFSID'::text) AS "cAccountFSID"
   FROM public.company;


--
-- Name: VIEW companies; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.companies IS 'Made by mktows. da35a2df360b4f3c';


--
-- Name: company_id; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.company_id
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: custom_object; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.custom_object (
    id bigint NOT NULL,
    type_id bigint NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    lead_id bigint,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    attributes json NOT NULL
);


--
-- Name: custom_object_id; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.custom_object_id
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: custom_object_type; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.custom_object_type (
    id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    name_key text COLLATE pg_catalog."C",
    keys json NOT NULL,
    fields json NOT NULL
);


--
-- Name: custom_object_type_id; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.custom_object_type_id
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: custom_object_types; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.custom_object_types AS
 SELECT custom_object_type.id,
    custom_object_type.name,
    custom_object_type.keys,
    custom_object_type.fields
   FROM public.custom_object_type;


--
-- Name: VIEW custom_object_types; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.custom_object_types IS 'Made by mktows. afb314215a8bda99';


--
-- Name: custom_objects; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.custom_objects AS
 SELECT custom_object.id,
    custom_object.type_id,
    custom_object.key,
    custom_object.lead_id,
    custom_object.created_at,
    custom_object.updated_at,
    custom_object.attributes
   FROM public.custom_object;


--
-- Name: VIEW custom_objects; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.custom_objects IS 'Made by mktows. 430335746dde9a6d';


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
    outcome_unknown boolean DEFAULT false NOT NULL,
    fault_text text COLLATE pg_catalog."C",
    milliseconds double precision,
    statuses integer DEFAULT '-1'::integer NOT NULL
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
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    email_key text COLLATE pg_catalog."C",
    workspace_id bigint,
    custom jsonb
);


--
-- Name: lead_cookie; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.lead_cookie (
    id bigint NOT NULL,
    lead_id bigint NOT NULL,
    value text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: lead_cookie_id; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.lead_cookie_id
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: lead_cookies; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.lead_cookies AS
 SELECT lead_cookie.id,
    lead_cookie.lead_id,
    lead_cookie.value
   FROM public.lead_cookie;


--
-- Name: VIEW lead_cookies; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.lead_cookies IS 'Made by mktows. 9f8eb30223d99dde';


--
-- Name: lead_crm_key; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.lead_crm_key (
    id bigint NOT NULL,
    lead_id bigint NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: lead_crm_key_id; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.lead_crm_key_id
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: lead_crm_keys; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.lead_crm_keys AS
 SELECT lead_crm_key.id,
    lead_crm_key.lead_id,
    lead_crm_key.type,
    lead_crm_key.value,
    lead_crm_key.key
   FROM public.lead_crm_key;


--
-- Name: VIEW lead_crm_keys; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.lead_crm_keys IS 'Made by mktows. b03abc7d81f43811';


--
-- Name: lead_foreign_id; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.lead_foreign_id (
    id bigint NOT NULL,
    lead_id bigint NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: lead_foreign_id_id; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.lead_foreign_id_id
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: lead_foreign_ids; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.lead_foreign_ids AS
 SELECT lead_foreign_id.id,
    lead_foreign_id.lead_id,
    lead_foreign_id.type,
    lead_foreign_id.value
   FROM public.lead_foreign_id;


--
-- Name: VIEW lead_foreign_ids; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.lead_foreign_ids IS 'Made by mktows. 2dae8949ff143c5c';


--
-- Name: lead_id; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.lead_id
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: leads; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.leads AS
 SELECT lead.id,
    lead.created_at,
    lead.updated_at,
    lead.email,
    lead.company_id,
    lead.workspace_id,
    (lead.custom ->> 'Address'::text) AS "Address",
        CASE
            WHEN (jsonb_typeof((lead.custom -> 'AnnualRevenue'::text)) = 'number'::text) THEN ((lead.custom ->> 'AnnualRevenue'::text))::double precision
            ELSE NULL::double precision
        END AS "AnnualRevenue",
    (lead.custom ->> 'AnonymousIP'::text) AS "AnonymousIP",
    (lead.custom ->> 'BillingCity'::text) AS "BillingCity",
    (lead.custom ->> 'BillingCountry'::text) AS "BillingCountry",
    (lead.custom ->> 'BillingPostalCode'::text) AS "BillingPostalCode",
    (lead.custom ->> 'BillingState'::text) AS "BillingState",
    (lead.custom ->> 'BillingStreet'::text) AS "BillingStreet",
    (lead.custom ->> 'City'::text) AS "City",
    (lead.custom ->> 'Company'::text) AS "Company",
    (lead.custom ->> 'Country'::text) AS "Country",
        CASE
            WHEN ((lead.custom ->> 'DateofBirth'::text) ~ '^\s*(?!0000)\d{4}-(0[1-9]|1[0-2])-\d\d'::text) THEN ((lead.custom ->> 'DateofBirth'::text))::date
            ELSE NULL::date
        END AS "DateofBirth",
    (lead.custom ->> 'Department'::text) AS "Department",
        CASE
            WHEN (jsonb_typeof((lead.custom -> 'DoNotCall'::text)) = 'boolean'::text) THEN ((lead.custom ->> 'DoNotCall'::text))::boolean
            ELSE NULL::boolean
        END AS "DoNotCall",
    (lead.custom ->> 'DoNotCallReason'::text) AS "DoNotCallReason",
    (lead.custom ->> 'Fax'::text) AS "Fax",
    (lead.custom ->> 'FirstName'::text) AS "FirstName",
    (lead.custom ->> 'Industry'::text) AS "Industry",
    (lead.custom ->> 'InferredCompany'::text) AS "InferredCompany",
    (lead.custom ->> 'InferredCountry'::text) AS "InferredCountry",
    (lead.custom ->> 'LastName'::text) AS "LastName",
    (lead.custom ->> 'LeadRole'::text) AS "LeadRole",
        CASE
            WHEN (jsonb_typeof((lead.custom -> 'LeadScore'::text)) = 'number'::text) THEN (((lead.custom ->> 'LeadScore'::text))::numeric)::bigint
            ELSE NULL::bigint
        END AS "LeadScore",
    (lead.custom ->> 'LeadSource'::text) AS "LeadSource",
    (lead.custom ->> 'LeadStatus'::text) AS "LeadStatus",
    (lead.custom ->> 'MainPhone'::text) AS "MainPhone",
    (lead.custom ->> 'MiddleName'::text) AS "MiddleName",
    (lead.custom ->> 'MobilePhone'::text) AS "MobilePhone",
        CASE
            WHEN (jsonb_typeof((lead.custom -> 'NumberOfEmployees'::text)) = 'number'::text) THEN (((lead.custom ->> 'NumberOfEmployees'::text))::numeric)::bigint
            ELSE NULL::bigint
        END AS "NumberOfEmployees",
    (lead.custom ->> 'Phone'::text) AS "Phone",
    (lead.custom ->> 'PostalCode'::text) AS "PostalCode",
    (lead.custom ->> 'Rating'::text) AS "Rating",
    (lead.custom ->> 'Salutation'::text) AS "Salutation",
    (lead.custom ->> 'SICCode'::text) AS "SICCode",
    (lead.custom ->> 'Site'::text) AS "Site",
    (lead.custom ->> 'State'::text) AS "State",
    (lead.custom ->> 'Title'::text) AS "Title",
        CASE
            WHEN (jsonb_typeof((lead.custom -> 'Unsubscribed'::text)) = 'boolean'::text) THEN ((lead.custom ->> 'Unsubscribed'::text))::boolean
            ELSE NULL::boolean
        END AS "Unsubscribed",
    (lead.custom ->> 'UnsubscribedReason'::text) AS "UnsubscribedReason",
    (lead.custom ->> 'Website'::text) AS "Website",
    (lead.custom ->> 'Another Name'::text) AS "Another Name",
    (lead.custom ->> 'Any Name'::text) AS "Any Name",
        CASE
            WHEN (jsonb_typeof((lead.custom -> 'Score'::text)) = 'number'::text) THEN (((lead.custom ->> 'Score'::text))::numeric)::bigint
            ELSE NULL::bigint
        END AS "Score",
    (lead.custom ->> 'FSPID'::text) AS "FSPID"
   FROM public.lead;


--
-- Name: VIEW leads; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.leads IS 'Made by mktows. 058a607b67f45c8c';


--
-- Name: list_import; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.list_import (
    id bigint NOT NULL,
    list_id bigint NOT NULL,
    campaign_id bigint,
    at timestamp with time zone NOT NULL,
    mode text NOT NULL COLLATE pg_catalog."C",
    row_count bigint NOT NULL,
    imported bigint NOT NULL,
    failed bigint NOT NULL,
    ignored bigint NOT NULL,
    summary text NOT NULL COLLATE pg_catalog."C",
    tokens json NOT NULL
);


--
-- Name: list_import_id; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.list_import_id
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: list_imports; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.list_imports AS
 SELECT list_import.id,
    list_import.list_id,
    list_import.campaign_id,
    list_import.at,
    list_import.mode,
    list_import.row_count,
    list_import.imported,
    list_import.failed,
    list_import.ignored,
    list_import.summary,
    list_import.tokens
   FROM public.list_import;


--
-- Name: VIEW list_imports; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.list_imports IS 'Made by mktows. 09141a7e13a25164';


--
-- Name: list_member; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.list_member (
    id bigint NOT NULL,
    list_id bigint NOT NULL,
    lead_id bigint NOT NULL,
    added_at timestamp with time zone NOT NULL
);


--
-- Name: list_member_id; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.list_member_id
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: list_members; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.list_members AS
 SELECT list_member.id,
    list_member.list_id,
    list_member.lead_id,
    list_member.added_at
   FROM public.list_member;


--
-- Name: VIEW list_members; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.list_members IS 'Made by mktows. 27e2584bd4ab591c';


--
-- Name: static_list; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.static_list (
    id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    name_key text COLLATE pg_catalog."C",
    program_id bigint
);


--
-- Name: lists; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.lists AS
 SELECT static_list.id,
    static_list.name,
    static_list.program_id
   FROM public.static_list;


--
-- Name: VIEW lists; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.lists IS 'Made by mktows. 1d0946196cff1883';


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
-- Name: opportunities; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.opportunities AS
 SELECT opportunity.id,
    opportunity.created_at,
    opportunity.updated_at,
    opportunity.amount,
    opportunity.close_date,
    opportunity.company_id,
    opportunity.description,
    opportunity.expected_revenue,
    opportunity.external_created_date,
    opportunity.fiscal,
    opportunity.fiscal_quarter,
    opportunity.fiscal_year,
    opportunity.forecast_category_name,
    opportunity.is_closed,
    opportunity.is_won,
    opportunity.last_activity_date,
    opportunity.lead_source,
    opportunity.name,
    opportunity.next_step,
    opportunity.probability,
    opportunity.quantity,
    opportunity.stage,
    opportunity.type,
        CASE
            WHEN (jsonb_typeof((opportunity.custom -> 'ownFlag'::text)) = 'boolean'::text) THEN ((opportunity.custom ->> 'ownFlag'::text))::boolean
            ELSE NULL::boolean
        END AS "ownFlag",
        CASE
            WHEN (jsonb_typeof((opportunity.custom -> 'ownNumber'::text)) = 'number'::text) THEN ((opportunity.custom ->> 'ownNumber'::text))::double precision
            ELSE NULL::double precision
        END AS "ownNumber",
        CASE
            WHEN ((opportunity.custom ->> 'ownTime'::text) ~ '^(?!0000)\d{4}-\d\d-\d\dT([01]\d|2[0-3]):'::text) THEN ((opportunity.custom ->> 'ownTime'::text))::timestamp with time zone
            ELSE NULL::timestamp with time zone
        END AS "ownTime",
    (opportunity.custom ->> 'opportunityId'::text) AS "opportunityId",
    (opportunity.custom ->> 'ownText'::text) AS "ownText",
        CASE
            WHEN (jsonb_typeof((opportunity.custom -> 'rating'::text)) = 'number'::text) THEN (((opportunity.custom ->> 'rating'::text))::numeric)::bigint
            ELSE NULL::bigint
        END AS rating,
    (opportunity.custom ->> 'unlimited'::text) AS unlimited
   FROM public.opportunity;


--
-- Name: VIEW opportunities; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.opportunities IS 'Made by mktows. 41c2534648ff978d';


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
    updated_at timestamp with time zone NOT NULL,
    name_key text COLLATE pg_catalog."C"
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
-- Name: program_costs; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.program_costs AS
 SELECT program_cost.id,
    program_cost.month,
    program_cost.amount,
    program_cost.note,
    program_cost.program_id
   FROM public.program_cost;


--
-- Name: VIEW program_costs; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.program_costs IS 'Made by mktows. 54995e5f6a0bc46a';


--
-- Name: program_id; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.program_id
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
-- Name: program_tags; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.program_tags AS
 SELECT program_tag.program_id,
    program_tag.type,
    program_tag.value
   FROM public.program_tag;


--
-- Name: VIEW program_tags; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.program_tags IS 'Made by mktows. 56f928e6bf9b928e';


--
-- Name: program_token; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.program_token (
    program_id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: program_tokens; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.program_tokens AS
 SELECT program_token.program_id,
    program_token.name,
    program_token.value
   FROM public.program_token;


--
-- Name: VIEW program_tokens; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.program_tokens IS 'Made by mktows. 95608ddcef47c3f6';


--
-- Name: programs; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.programs AS
 SELECT program.id,
    program.created_at,
    program.updated_at,
    program.name,
    program.type,
    program.channel,
    program.workspace_id,
    program.workspace_name,
    program.tree_path,
    program.is_archived,
    program.start_date,
    program.end_date,
    program.crm_id
   FROM public.program;


--
-- Name: VIEW programs; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.programs IS 'Made by mktows. 8b7809f4f11d28d9';


--
-- Name: roles; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.roles AS
 SELECT opportunity_person_role.id,
    opportunity_person_role.created_at,
    opportunity_person_role.updated_at,
    opportunity_person_role.external_created_date,
    opportunity_person_role.is_primary,
    opportunity_person_role.opportunity_id,
    opportunity_person_role.person_id,
    opportunity_person_role.role,
        CASE
            WHEN (jsonb_typeof((opportunity_person_role.custom -> 'level'::text)) = 'number'::text) THEN (((opportunity_person_role.custom ->> 'level'::text))::numeric)::bigint
            ELSE NULL::bigint
        END AS level,
        CASE
            WHEN ((opportunity_person_role.custom ->> 'since'::text) ~ '^(?!0000)\d{4}-\d\d-\d\dT([01]\d|2[0-3]):'::text) THEN ((opportunity_person_role.custom ->> 'since'::text))::timestamp with time zone
            ELSE NULL::timestamp with time zone
        END AS since
   FROM public.opportunity_person_role;


--
-- Name: VIEW roles; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.roles IS 'Made by mktows. 34a2f406441e3fc6';


--
-- Name: server_secret; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.server_secret (
    name text NOT NULL COLLATE pg_catalog."C",
    value bytea NOT NULL
);


--
-- Name: static_list_id; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.static_list_id
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


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
-- Name: traffic; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.traffic (
    span integer NOT NULL,
    since timestamp with time zone NOT NULL,
    run text NOT NULL COLLATE pg_catalog."C",
    content jsonb NOT NULL
);


--
-- Name: workspace; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.workspace (
    id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    name_key text COLLATE pg_catalog."C"
);


--
-- Name: workspace_id; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.workspace_id
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: workspaces; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.workspaces AS
 SELECT workspace.id,
    workspace.name
   FROM public.workspace;


--
-- Name: VIEW workspaces; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON VIEW public.workspaces IS 'Made by mktows. b4fc827c8061608b';


--
-- Data for Name: activity; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: api_user; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.api_user VALUES ('one', '\x010203', '2026-11-23 12:00:00+00');
INSERT INTO public.api_user VALUES ('Zwei ä', '\xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', '2026-11-23 13:00:00+00');


--
-- Data for Name: call_body; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: call_count; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: campaign; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: campaign_run; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: channel; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.channel VALUES ('Webinar', 0);
INSERT INTO public.channel VALUES ('Blog', 1);


--
-- Data for Name: channel_status; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.channel_status VALUES ('Webinar', 0, 'Registered', 20, false, '[["Webinar Behavior", "Registered"]]');
INSERT INTO public.channel_status VALUES ('Webinar', 1, 'Attended', 30, true, '[]');


--
-- Data for Name: company; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.company VALUES (1, 'ACME', '{"cAccountFSID": "C123"}', 'acme');
INSERT INTO public.company VALUES (2, '', '{}', '');
INSERT INTO public.company VALUES (7, 'Zwölf', '{"Fsid": "C\u00010", "cAccountFSID": "C124"}', 'zwölf');


--
-- Data for Name: custom_object; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: custom_object_type; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: external_key; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.external_key VALUES ('Company', 'caccountfsid', 'C123', 1, false, NULL);
INSERT INTO public.external_key VALUES ('Opportunity', 'foreign id', 'f-1', 64, true, 'Foreign Id');
INSERT INTO public.external_key VALUES ('OpportunityPersonRole', 'k', 'v', 7, true, 'k');
INSERT INTO public.external_key VALUES ('Opportunity', 'name', 'Zeile
"zwei" 😀', 64, false, NULL);
INSERT INTO public.external_key VALUES ('Opportunity', 'name', 'Same', 101, false, NULL);
INSERT INTO public.external_key VALUES ('Opportunity', 'name', 'Same', 102, false, NULL);
INSERT INTO public.external_key VALUES ('Opportunity', 'opportunityid', '007', 64, false, NULL);
INSERT INTO public.external_key VALUES ('Opportunity', 'opportunityid', '007', 103, false, NULL);
INSERT INTO public.external_key VALUES ('Opportunity', 'rating', '4', 64, false, NULL);
INSERT INTO public.external_key VALUES ('Opportunity', 'iswon', 'true', 64, false, NULL);
INSERT INTO public.external_key VALUES ('Opportunity', 'iswon', 'true', 103, false, NULL);
INSERT INTO public.external_key VALUES ('Opportunity', 'closedate', '2013-06-30', 64, false, NULL);
INSERT INTO public.external_key VALUES ('Opportunity', 'closedate', '0001-01-01', 102, false, NULL);
INSERT INTO public.external_key VALUES ('Opportunity', 'owntext', 'text 0 zero', 101, false, NULL);
INSERT INTO public.external_key VALUES ('Opportunity', 'ownnumber', '1e+300', 101, false, NULL);
INSERT INTO public.external_key VALUES ('OpportunityPersonRole', 'level', '3', 201, false, NULL);
INSERT INTO public.external_key VALUES ('Company', 'fsid', 'C0', 7, false, NULL);
INSERT INTO public.external_key VALUES ('Company', 'caccountfsid', 'C124', 7, false, NULL);
INSERT INTO public.external_key VALUES ('Opportunity', 'loose', 'one', 101, true, 'Loose');
INSERT INTO public.external_key VALUES ('Opportunity', 'loose', 'one', 102, true, 'loose');
INSERT INTO public.external_key VALUES ('OpportunityPersonRole', 'rolle ä', '1', 202, true, 'Rolle Ä');
INSERT INTO public.external_key VALUES ('Opportunity', 'name', 'changed', 105, false, NULL);
INSERT INTO public.external_key VALUES ('Opportunity', 'opportunityid', '106', 105, false, NULL);


--
-- Data for Name: field_definition; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.field_definition VALUES ('Opportunity', 'opportunityid', 'opportunityId', NULL, NULL, 'string', 2000, NULL, '2026-11-23 12:00:00+00');
INSERT INTO public.field_definition VALUES ('Opportunity', 'rating', 'rating', 'Rating', 'From 1 to 5', 'integer', NULL, NULL, '2026-11-23 12:00:00+00');
INSERT INTO public.field_definition VALUES ('Opportunity', 'unlimited', 'unlimited', NULL, NULL, 'string', NULL, NULL, '2026-11-23 12:00:00+00');
INSERT INTO public.field_definition VALUES ('OpportunityPersonRole', 'since', 'since', NULL, NULL, 'datetime', NULL, NULL, '2026-11-23 12:00:00+00');
INSERT INTO public.field_definition VALUES ('Lead', 'fspid', 'FSPID', NULL, NULL, 'string', 50, NULL, '2026-11-23 12:00:00+00');
INSERT INTO public.field_definition VALUES ('Company', 'caccountfsid', 'cAccountFSID', NULL, NULL, 'string', 2000, NULL, '2026-11-23 12:00:00+00');
INSERT INTO public.field_definition VALUES ('Opportunity', 'owntext', 'ownText', 'Own "text"', 'a1b', 'string', 255, NULL, '2026-11-23 12:00:00+00');
INSERT INTO public.field_definition VALUES ('Opportunity', 'ownnumber', 'ownNumber', NULL, NULL, 'float', NULL, NULL, NULL);
INSERT INTO public.field_definition VALUES ('Opportunity', 'ownflag', 'ownFlag', NULL, NULL, 'boolean', NULL, NULL, NULL);
INSERT INTO public.field_definition VALUES ('Opportunity', 'owntime', 'ownTime', NULL, NULL, 'datetime', NULL, NULL, NULL);
INSERT INTO public.field_definition VALUES ('OpportunityPersonRole', 'level', 'level', NULL, NULL, 'integer', NULL, NULL, NULL);
INSERT INTO public.field_definition VALUES ('Lead', 'score', 'Score', NULL, NULL, 'integer', NULL, NULL, NULL);
INSERT INTO public.field_definition VALUES ('Lead', 'another name', 'Another Name', NULL, NULL, 'string', NULL, NULL, NULL);
INSERT INTO public.field_definition VALUES ('Lead', 'any name', 'Any Name', NULL, NULL, 'string', NULL, NULL, NULL);


--
-- Data for Name: journal; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.journal OVERRIDING SYSTEM VALUE VALUES (1, '2026-11-23 12:00:00+00', 'u', 'syncMObjects', 'UPSERT', '192.0.2.1', NULL, '[{"id": 64, "type": "Opportunity", "status": "UPDATED"}, {"id": null, "type": "Opportunity", "status": "SKIPPED", "because": "it is \u00011 odd"}]', '', false, NULL, NULL, -1);
INSERT INTO public.journal OVERRIDING SYSTEM VALUE VALUES (2, '2026-11-23 13:00:00+00', 'u', 'getMObjects', NULL, NULL, 20012, '[]', '0198c6f2-call', true, NULL, NULL, -1);
INSERT INTO public.journal OVERRIDING SYSTEM VALUE VALUES (3, '2026-11-23 13:00:00+00', 'nobody', 'listMObjects', NULL, '192.0.2.1', NULL, '[]', '', false, NULL, NULL, -1);


--
-- Data for Name: key_field; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.key_field VALUES ('Opportunity', 'name');
INSERT INTO public.key_field VALUES ('Opportunity', 'opportunityid');
INSERT INTO public.key_field VALUES ('Opportunity', 'rating');
INSERT INTO public.key_field VALUES ('Opportunity', 'iswon');
INSERT INTO public.key_field VALUES ('Opportunity', 'closedate');
INSERT INTO public.key_field VALUES ('Opportunity', 'owntext');
INSERT INTO public.key_field VALUES ('Opportunity', 'ownnumber');
INSERT INTO public.key_field VALUES ('OpportunityPersonRole', 'level');


--
-- Data for Name: lead; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.lead VALUES (19, 'a@example.com', 1, '2026-11-27 00:40:08.118+00', '2026-11-27 00:40:08.118+00', 'a@example.com', NULL, '{"FSPID": "12346", "Any Name": "x"}');
INSERT INTO public.lead VALUES (20, NULL, NULL, '2026-11-27 00:40:08.118+00', '2026-11-27 00:40:08.118+00', NULL, NULL, NULL);
INSERT INTO public.lead VALUES (21, 'Mixed@Example.com', NULL, '2026-11-27 00:40:08.118+00', '2026-11-27 00:40:08.118+00', 'mixed@example.com', NULL, '{"FSPID": "777", "Score": 5, "Another Name": "o''clock"}');


--
-- Data for Name: lead_cookie; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: lead_crm_key; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: lead_foreign_id; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: list_import; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: list_member; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: meta; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.meta VALUES ('schema_version', 12);


--
-- Data for Name: migration; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.migration VALUES (1, 'records, definitions, journal, users', '2026-11-27 00:40:08.118+00');
INSERT INTO public.migration VALUES (2, 'calls counted by each server', '2026-11-27 00:40:08.118+00');
INSERT INTO public.migration VALUES (3, 'call ids and unknown outcomes in the journal', '2026-11-27 00:40:08.118+00');
INSERT INTO public.migration VALUES (4, 'fault texts, times and statuses in the journal, bodies of calls, traffic', '2026-11-27 04:00:00+00');
INSERT INTO public.migration VALUES (5, 'leads with fields, lists, campaigns, activities, custom objects', '2026-11-27 04:46:53.062+00');
INSERT INTO public.migration VALUES (6, 'activities of merged leads move in steps', '2026-11-27 07:40:00+00');
INSERT INTO public.migration VALUES (7, 'index of the leads of a key in the order of their ids', '2026-11-27 08:52:00+00');


--
-- Data for Name: opportunity; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.opportunity VALUES (64, 501.5, '2013-06-30', 1, NULL, NULL, '2013-06-09 22:04:54+00', NULL, NULL, NULL, NULL, NULL, true, NULL, NULL, 'Zeile
"zwei" 😀', NULL, NULL, NULL, NULL, NULL, '{"rating": 4, "opportunityId": "007"}', '2013-01-01 00:00:00+00', '2013-01-02 00:00:00+00');
INSERT INTO public.opportunity VALUES (65, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2013-01-01 00:00:00+00', '2013-01-01 00:00:00+00');
INSERT INTO public.opportunity VALUES (101, -0.5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'Same', NULL, NULL, NULL, 'it''s', '\', '{"ownFlag": false, "ownText": "text \u00010 zero", "ownNumber": 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000}', '2026-11-23 12:00:00+00', '2026-11-23 12:00:00+00');
INSERT INTO public.opportunity VALUES (102, NULL, '0001-01-01', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '9999-12-31', NULL, 'Same', NULL, 100, NULL, NULL, NULL, '{"ownTime": "1999-12-31T23:59:59.999Z"}', '2026-11-23 12:00:00+00', '2026-11-23 12:00:00+00');
INSERT INTO public.opportunity VALUES (103, NULL, NULL, NULL, 'ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää', NULL, NULL, NULL, 1, 2026, NULL, false, true, NULL, NULL, NULL, NULL, NULL, 2.25, NULL, NULL, '{"opportunityId": "007"}', '2026-11-23 12:00:00+00', '2026-11-23 12:00:00+00');
INSERT INTO public.opportunity VALUES (106, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-23 12:00:00+00', '2026-11-23 12:00:00+00');
INSERT INTO public.opportunity VALUES (105, NULL, NULL, NULL, NULL, 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'changed', NULL, NULL, NULL, NULL, NULL, '{"opportunityId": "106"}', '2026-11-23 12:00:00+00', '2026-11-23 13:00:00+00');


--
-- Data for Name: opportunity_person_role; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.opportunity_person_role VALUES (7, '2013-06-09 22:04:54+00', true, 64, 19, 'Buyer', '{"since": "2013-01-01T00:00:00.000Z"}', '2013-01-01 00:00:00+00', '2013-01-01 00:00:00+00');
INSERT INTO public.opportunity_person_role VALUES (8, NULL, NULL, 63, 20, NULL, NULL, '2013-01-01 00:00:00+00', '2013-01-01 00:00:00+00');
INSERT INTO public.opportunity_person_role VALUES (201, NULL, false, 101, 19, 'Buyer', '{"level": 3}', '2026-11-23 12:00:00+00', '2026-11-23 12:00:00+00');
INSERT INTO public.opportunity_person_role VALUES (202, NULL, NULL, 101, 20, NULL, NULL, '2026-11-23 12:00:00+00', '2026-11-23 12:00:00+00');
INSERT INTO public.opportunity_person_role VALUES (203, NULL, NULL, 104, 20, 'orphan', NULL, '2026-11-23 12:00:00+00', '2026-11-23 12:00:00+00');


--
-- Data for Name: program; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.program VALUES (1970, 'Spring', 'Marketing Event', 'Webinar', 1, 'Default', '/Marketing Activities/Default/Spring', true, '2011-08-01 11:00:00', '2011-08-02', '701000000000001AAA', '2011-01-01 00:00:00+00', '2011-01-02 00:00:00+00', 'spring');
INSERT INTO public.program VALUES (30, 'Program 30', 'Marketing Event', NULL, NULL, NULL, NULL, false, NULL, NULL, NULL, '2026-11-23 12:00:00+00', '2026-11-23 12:00:00+00', 'program 30');


--
-- Data for Name: program_cost; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.program_cost VALUES (153, 1970, '2013-06-01', 1500, 'venue');
INSERT INTO public.program_cost VALUES (154, 1970, '2013-06-01', 0.5, NULL);
INSERT INTO public.program_cost VALUES (170, 30, '2014-01-01', 0.1, NULL);


--
-- Data for Name: program_tag; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.program_tag VALUES (1970, 'Region', 'North');
INSERT INTO public.program_tag VALUES (30, 'Region', 'South');


--
-- Data for Name: program_token; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.program_token VALUES (1970, 'my.token', '<b>x</b>');
INSERT INTO public.program_token VALUES (30, 'my.a', '');
INSERT INTO public.program_token VALUES (30, 'my.b', '1');


--
-- Data for Name: server_secret; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.server_secret VALUES ('stream position', '\x497311e3253793997045b441b39147e822f7f9cc95b26380ea7c2ee0ac948b22');


--
-- Data for Name: static_list; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tag_type; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.tag_type VALUES ('Region', 0);
INSERT INTO public.tag_type VALUES ('Empty', 1);


--
-- Data for Name: tag_value; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.tag_value VALUES ('Region', 0, 'North');
INSERT INTO public.tag_value VALUES ('Region', 1, 'South');


--
-- Data for Name: traffic; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: workspace; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Name: activity_id; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.activity_id', 1, false);


--
-- Name: call_body_number_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.call_body_number_seq', 1, false);


--
-- Name: campaign_id; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.campaign_id', 1, false);


--
-- Name: campaign_run_id; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.campaign_run_id', 1, false);


--
-- Name: company_id; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.company_id', 7, true);


--
-- Name: custom_object_id; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.custom_object_id', 1, false);


--
-- Name: custom_object_type_id; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.custom_object_type_id', 1, false);


--
-- Name: journal_number_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.journal_number_seq', 3, true);


--
-- Name: lead_cookie_id; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.lead_cookie_id', 1, false);


--
-- Name: lead_crm_key_id; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.lead_crm_key_id', 1, false);


--
-- Name: lead_foreign_id_id; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.lead_foreign_id_id', 1, false);


--
-- Name: lead_id; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.lead_id', 21, true);


--
-- Name: list_import_id; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.list_import_id', 1, false);


--
-- Name: list_member_id; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.list_member_id', 1, false);


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
-- Name: program_id; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.program_id', 1970, true);


--
-- Name: static_list_id; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.static_list_id', 1, false);


--
-- Name: workspace_id; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.workspace_id', 1, false);


--
-- Name: activity activity_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.activity
    ADD CONSTRAINT activity_pkey PRIMARY KEY (id);


--
-- Name: api_user api_user_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.api_user
    ADD CONSTRAINT api_user_pkey PRIMARY KEY (user_id);


--
-- Name: call_body call_body_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.call_body
    ADD CONSTRAINT call_body_pkey PRIMARY KEY (number);


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
-- Name: campaign campaign_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.campaign
    ADD CONSTRAINT campaign_pkey PRIMARY KEY (id);


--
-- Name: campaign_run campaign_run_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.campaign_run
    ADD CONSTRAINT campaign_run_pkey PRIMARY KEY (id);


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
-- Name: custom_object custom_object_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.custom_object
    ADD CONSTRAINT custom_object_pkey PRIMARY KEY (id);


--
-- Name: custom_object_type custom_object_type_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.custom_object_type
    ADD CONSTRAINT custom_object_type_pkey PRIMARY KEY (id);


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
-- Name: lead_cookie lead_cookie_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.lead_cookie
    ADD CONSTRAINT lead_cookie_pkey PRIMARY KEY (id);


--
-- Name: lead_crm_key lead_crm_key_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.lead_crm_key
    ADD CONSTRAINT lead_crm_key_pkey PRIMARY KEY (id);


--
-- Name: lead_foreign_id lead_foreign_id_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.lead_foreign_id
    ADD CONSTRAINT lead_foreign_id_pkey PRIMARY KEY (id);


--
-- Name: lead lead_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.lead
    ADD CONSTRAINT lead_pkey PRIMARY KEY (id);


--
-- Name: list_import list_import_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.list_import
    ADD CONSTRAINT list_import_pkey PRIMARY KEY (id);


--
-- Name: list_member list_member_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.list_member
    ADD CONSTRAINT list_member_pkey PRIMARY KEY (id);


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
-- Name: static_list static_list_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.static_list
    ADD CONSTRAINT static_list_pkey PRIMARY KEY (id);


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
-- Name: traffic traffic_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.traffic
    ADD CONSTRAINT traffic_pkey PRIMARY KEY (span, since, run);


--
-- Name: workspace workspace_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.workspace
    ADD CONSTRAINT workspace_pkey PRIMARY KEY (id);


--
-- Name: activity_by_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX activity_by_at ON public.activity USING btree (at);


--
-- Name: activity_by_lead; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX activity_by_lead ON public.activity USING btree (lead_id);


--
-- Name: call_body_by_call; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX call_body_by_call ON public.call_body USING btree (call_id);


--
-- Name: call_body_by_size; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX call_body_by_size ON public.call_body USING btree (number) INCLUDE (bytes);


--
-- Name: campaign_by_name; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX campaign_by_name ON public.campaign USING btree (name_key);


--
-- Name: campaign_by_program; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX campaign_by_program ON public.campaign USING btree (program_id);


--
-- Name: campaign_run_by_campaign; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX campaign_run_by_campaign ON public.campaign_run USING btree (campaign_id);


--
-- Name: company_by_name; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX company_by_name ON public.company USING btree (name_key);


--
-- Name: cost_by_program; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX cost_by_program ON public.program_cost USING btree (program_id);


--
-- Name: custom_object_by_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX custom_object_by_key ON public.custom_object USING btree (type_id, key);


--
-- Name: custom_object_by_lead; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX custom_object_by_lead ON public.custom_object USING btree (lead_id) WHERE (lead_id IS NOT NULL);


--
-- Name: custom_object_type_by_name; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX custom_object_type_by_name ON public.custom_object_type USING btree (name_key);


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

CREATE INDEX journal_by_time ON public.journal USING btree (at, number) INCLUDE (user_id, operation, fault, statuses);


--
-- Name: lead_by_company; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX lead_by_company ON public.lead USING btree (company_id) WHERE (company_id IS NOT NULL);


--
-- Name: lead_by_email; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX lead_by_email ON public.lead USING btree (email_key) WHERE (email_key IS NOT NULL);


--
-- Name: lead_by_updated_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX lead_by_updated_at ON public.lead USING btree (updated_at);


--
-- Name: lead_cookie_by_lead; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX lead_cookie_by_lead ON public.lead_cookie USING btree (lead_id);


--
-- Name: lead_cookie_by_value; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX lead_cookie_by_value ON public.lead_cookie USING btree (value);


--
-- Name: lead_crm_key_by_key; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX lead_crm_key_by_key ON public.lead_crm_key USING btree (type, key, lead_id);


--
-- Name: lead_crm_key_by_lead; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX lead_crm_key_by_lead ON public.lead_crm_key USING btree (lead_id);


--
-- Name: lead_foreign_id_by_lead; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX lead_foreign_id_by_lead ON public.lead_foreign_id USING btree (lead_id);


--
-- Name: lead_foreign_id_by_value; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX lead_foreign_id_by_value ON public.lead_foreign_id USING btree (type, value);


--
-- Name: list_import_by_list; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX list_import_by_list ON public.list_import USING btree (list_id);


--
-- Name: list_member_by_lead; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX list_member_by_lead ON public.list_member USING btree (lead_id);


--
-- Name: list_member_by_list; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX list_member_by_list ON public.list_member USING btree (list_id, lead_id);


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
-- Name: program_by_name; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX program_by_name ON public.program USING btree (name_key);


--
-- Name: role_by_opportunity; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX role_by_opportunity ON public.opportunity_person_role USING btree (opportunity_id, person_id);


--
-- Name: role_by_person; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX role_by_person ON public.opportunity_person_role USING btree (person_id);


--
-- Name: static_list_by_name; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX static_list_by_name ON public.static_list USING btree (name_key);


--
-- Name: static_list_by_program; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX static_list_by_program ON public.static_list USING btree (program_id);


--
-- Name: workspace_by_name; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX workspace_by_name ON public.workspace USING btree (name_key);


CREATE TABLE public.activity_move (
    id bigint NOT NULL PRIMARY KEY,
    lead_id bigint NOT NULL,
    from_id bigint NOT NULL
);


CREATE INDEX activity_move_by_lead ON public.activity_move USING btree (lead_id);


CREATE SEQUENCE public.activity_move_id;


--
-- PostgreSQL database dump complete
--


