#!/usr/bin/perl
# Needs SOAP::Lite (Debian: libsoap-lite-perl).
use strict;
use warnings;
use Digest::SHA qw(hmac_sha1_hex);
use POSIX qw(strftime);
use SOAP::Lite;

my ($endpoint, $user, $secret) = @ENV{qw(MKTOWS_ENDPOINT MKTOWS_USER MKTOWS_SECRET)};
my $client = SOAP::Lite->proxy($endpoint)->ns('http://www.marketo.com/mktows/', 'ns1')->autotype(0);

# A value without a type is not escaped by SOAP::Lite itself.
sub element { my ($name, $value) = @_; SOAP::Data->name($name => SOAP::Utils::encode_data($value))->type('') }
sub elements { my ($name, @inner) = @_; SOAP::Data->name($name => \SOAP::Data->value(@inner))}

sub header {
    my $time = strftime('%Y-%m-%dT%H:%M:%SZ', gmtime);
    return SOAP::Header->name('ns1:AuthenticationHeader' => \SOAP::Header->value(
        element(mktowsUserId => $user),
        element(requestSignature => hmac_sha1_hex($time . $user, $secret)),
        element(requestTimestamp => $time),
    ));
}

sub pair { my ($tag, $name, $value) = @_; elements($tag, element(name => $name), element(value => $value)) }

sub attributes {
    my %values = @_;
    return elements('attribList', map { pair('attrib', $_, $values{$_}) } sort keys %values);
}

sub opportunity {
    my ($name, %values) = @_;
    return elements('mObject', element(type => 'Opportunity'), pair('externalKey', 'Name', $name), attributes(%values));
}

# Returns a status for each object, in the same order.
sub sync {
    my ($operation, @objects) = @_;
    my $answer = $client->call(
        'ns1:paramsSyncMObjects' => elements('mObjectList', @objects), element(operation => $operation), header());
    die 'fault: ' . $answer->faultstring . "\n" if $answer->fault;
    return $answer->valueof('//mObjStatus');
}

sub print_row {
    my ($what, $row) = @_;
    print "$what: $row->{status}, ", ($row->{status} eq 'FAILED' ? $row->{error} : "id $row->{id}"), "\n";
}

my @rows = sync('UPSERT',
    opportunity('Example 1', Amount => 2000, CloseDate => '2014-03-31'),
    opportunity('Example 2', Amount => 'a lot'));
print_row('Opportunity Example ' . ($_ + 1), $rows[$_]) for 0 .. $#rows;

my ($role) = sync('UPSERT', elements('mObject', element(type => 'OpportunityPersonRole'),
    attributes(OpportunityId => $rows[0]{id}, PersonId => 19, Role => 'Influencer/Champion')));
print_row('Role', $role);
