# Makes the calls that it reads, and prints their results as JSON: texts, but for lists and what is nil. A selector says
# of which type it is.
use strict;
use warnings;
use Digest::SHA qw(hmac_sha1_hex);
use JSON::PP;
use POSIX qw(strftime);
use SOAP::Lite;

my $namespace = 'http://www.marketo.com/mktows/';
my $given = decode_json(do { local $/; <STDIN> });
my $client = SOAP::Lite->proxy($given->{endpoint})->ns($namespace, 'ns1')->autotype(0);

# Elements of a name: one, or one for each value of a list.
sub elements {
    my ($name, $value) = @_;
    return map { elements($name, $_) } @$value if ref $value eq 'ARRAY';
    return SOAP::Data->name($name => inner($value)) if ref $value eq 'HASH' && !exists $value->{type};
    return SOAP::Data->name($name => inner($value))->attr({ 'xsi:type' => "ns1:$value->{type}" })
        if ref $value eq 'HASH';
    $value = $value ? 'true' : 'false' if JSON::PP::is_bool($value);
    return SOAP::Data->name($name => $value)->type('string');
}

sub inner {
    my ($parts) = @_;
    return \SOAP::Data->value(map { elements($_, $parts->{$_}) } grep { $_ ne 'type' } sort keys %$parts);
}

sub header {
    my $time = strftime('%Y-%m-%dT%H:%M:%SZ', gmtime);
    return SOAP::Header->name('ns1:AuthenticationHeader' => \SOAP::Header->value(
        elements(mktowsUserId => $given->{user}),
        elements(requestSignature => hmac_sha1_hex($time . $given->{user}, $given->{secret})),
        elements(requestTimestamp => $time),
    ));
}

my @results;
for my $call (@{ $given->{calls} }) {
    my ($operation, $params) = @$call;
    my @parts = map { elements($_, $params->{$_}) } sort keys %$params;
    my $answer = $client->call('ns1:params' . ucfirst $operation => @parts, header());
    push @results, $answer->fault
        ? { faultcode => $answer->faultcode, faultstring => $answer->faultstring }
        : $answer->valueof('//result') // $answer->valueof('//leadActivityList');
}
print JSON::PP->new->ascii->encode(\@results);
