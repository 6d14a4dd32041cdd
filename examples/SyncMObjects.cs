// Needs .NET 6 or newer, as Program.cs of a project that "dotnet new console" makes.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using System.Xml.Linq;

static class SyncMObjects
{
    static readonly XNamespace Soap = "http://schemas.xmlsoap.org/soap/envelope/";
    static readonly XNamespace Mktows = "http://www.marketo.com/mktows/";
    static readonly HttpClient Http = new HttpClient();
    static readonly string Endpoint = Environment.GetEnvironmentVariable("MKTOWS_ENDPOINT");
    static readonly string User = Environment.GetEnvironmentVariable("MKTOWS_USER");
    static readonly string Secret = Environment.GetEnvironmentVariable("MKTOWS_SECRET");

    static XElement Header()
    {
        var time = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        using (var hmac = new HMACSHA1(Encoding.UTF8.GetBytes(Secret)))
        {
            var hash = hmac.ComputeHash(Encoding.UTF8.GetBytes(time + User));
            return new XElement(Mktows + "AuthenticationHeader",
                new XElement("mktowsUserId", User),
                new XElement("requestSignature", BitConverter.ToString(hash).Replace("-", "").ToLowerInvariant()),
                new XElement("requestTimestamp", time));
        }
    }

    static XElement Pair(string tag, string name, string value) =>
        new XElement(tag, new XElement("name", name), new XElement("value", value));

    static XElement MObject(string type, XElement key, Dictionary<string, string> values) =>
        new XElement("mObject", new XElement("type", type), key,
            new XElement("attribList", values.Select(value => Pair("attrib", value.Key, value.Value))));

    static XElement Opportunity(string name, Dictionary<string, string> values) =>
        MObject("Opportunity", Pair("externalKey", "Name", name), values);

    /// <summary>Returns an mObjStatus element for each object, in the same order.</summary>
    static async Task<List<XElement>> Sync(string operation, params XElement[] objects)
    {
        var envelope = new XElement(Soap + "Envelope",
            new XElement(Soap + "Header", Header()),
            new XElement(Soap + "Body", new XElement(Mktows + "paramsSyncMObjects",
                new XElement("mObjectList", objects.Cast<object>().ToArray()), new XElement("operation", operation))));
        var content = new StringContent(envelope.ToString(), Encoding.UTF8, "text/xml");
        content.Headers.Add("SOAPAction", "\"\"");
        var response = await Http.PostAsync(Endpoint, content);
        var answer = XDocument.Parse(await response.Content.ReadAsStringAsync());
        var fault = answer.Descendants("faultstring").FirstOrDefault();
        if (fault != null) throw new Exception("fault: " + fault.Value);
        return answer.Descendants("mObjStatus").ToList();
    }

    static void Print(string what, XElement row)
    {
        var status = (string)row.Element("status");
        Console.WriteLine(what + ": " + status + ", " +
            (status == "FAILED" ? (string)row.Element("error") : "id " + (string)row.Element("id")));
    }

    static void Main() => Run().GetAwaiter().GetResult();

    static async Task Run()
    {
        var rows = await Sync("UPSERT",
            Opportunity("Example 1", new Dictionary<string, string> { ["Amount"] = "2000", ["CloseDate"] = "2014-03-31" }),
            Opportunity("Example 2", new Dictionary<string, string> { ["Amount"] = "a lot" }));
        for (var index = 0; index < rows.Count; index++) Print("Opportunity Example " + (index + 1), rows[index]);

        var role = new Dictionary<string, string>
        {
            ["OpportunityId"] = (string)rows[0].Element("id"), ["PersonId"] = "19", ["Role"] = "Influencer/Champion",
        };
        Print("Role", (await Sync("UPSERT", MObject("OpportunityPersonRole", null, role)))[0]);
    }
}
