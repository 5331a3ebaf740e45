// distribution-spec, "API", "Warnings" and "Registry Proxying": what holds for every endpoint.

#include "conformance/registration.hpp"
#include "conformance/support.hpp"
#include "referee/http/client.hpp"

namespace referee::suites::distribution {
namespace {

bool is_redirect(const http::Response& response) {
  const int status = response.status;
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

void endpoints(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/api/ping",
                 .title = "GET /v2/ is answered by 200",
                 .how = "Sends the request, with credentials where there are some.",
                 .requirements = {"dist.api.ping"},
                 .needs = {},
                 .after = {},
                 .kills = {"r.api.ping-404"},
                 .tags = {"api"},
                 .body = [](Context& t) { EXPECT_THAT(t.registry().ping().value(), HasStatus(200)); }});
  catalogue.add({.id = "oci-1.1/api/method-not-allowed",
                 .title = "A method that an endpoint does not have is refused, and a 405 says which it has",
                 .how = "Sends PUT to a list of tags; a 405 must have Allow, another client error or a 501 need not.",
                 .requirements = {"dist.api.allow"},
                 .needs = {},
                 .after = {kPostPut},
                 .kills = {"r.api.405-no-allow", "r.api.wrong-method-200"},
                 .tags = {"api", "http"},
                 .body = [](Context& t) {
                   t.pushed_blob();
                   const auto answer =
                       t.registry().request("PUT", "/v2/" + t.repository() + "/tags/list", "{}").value();
                   EXPECT_THAT(answer, testing::AnyOf(IsClientError(), HasStatus(501)));
                   if (answer.status != 405) return;
                   EXPECT_TRUE(answer.headers.has("Allow")) << "the 405 has no Allow";
                 }});
  catalogue.add(
      {.id = "oci-1.1/api/redirect",
       .title = "A redirect leads to what was asked for",
       .how = "Pulls a blob without following redirects; if there is one, it must have a Location, which serves "
              "the blob.",
       .requirements = {"dist.api.redirect"},
       .needs = {},
       .after = {kPostPut},
       .kills = {"r.blob.redirect-no-location"},
       .tags = {"api", "http"},
       .body = [](Context& t) {
         const auto blob = t.pushed_blob();
         const auto digest = blob.digest().str();
         const auto answer = t.registry().get_blob(t.repository(), digest, {.follow_redirects = false}).value();
         t.observe("blobs are", is_redirect(answer) ? "redirected" : "served");
         if (!is_redirect(answer)) return;
         expect_pullable(t, location_of(answer), blob);
       }});
  catalogue.add({.id = "oci-1.1/api/namespace",
                 .title = "OCI-Namespace, if sent, repeats the ns parameter",
                 .how = "Pulls an image with ns=registry.example. A registry may ignore the parameter.",
                 .requirements = {"dist.api.namespace"},
                 .needs = {},
                 .after = {kManifestByDigest},
                 .kills = {"r.api.namespace-wrong"},
                 .tags = {"api", "proxy"},
                 .body = [](Context& t) {
                   const auto digest = t.pushed_image().digest().str();
                   const Options proxied{.query = {{"ns", "registry.example"}}};
                   const auto answer = t.registry().get_manifest(t.repository(), digest, proxied).value();
                   const auto name_space = answer.header("OCI-Namespace");
                   t.observe("OCI-Namespace", name_space ? "sent" : "absent");
                   EXPECT_EQ(name_space.value_or("registry.example"), "registry.example");
                 }});
  catalogue.add(
      {.id = "oci-1.1/api/retry-after",
       .title = "A registry that asks to slow down says for how long",
       .how = "Sends eight requests at once one after the other; each 429 among the answers must have Retry-After.",
       .requirements = {"dist.api.retry-after"},
       .needs = {},
       .after = {},
       .kills = {"r.api.throttle-no-retry-after"},
       .tags = {"api", "http"},
       .body = [](Context& t) {
         http::Request ping;
         ping.url = t.registry().base() + "/v2/";
         ping.retry = false;
         for (int i = 0; i < 8; ++i) {
           const auto answer = t.registry().client().send(ping).value();
           const bool said = answer.status != 429 || answer.headers.has("Retry-After");
           EXPECT_TRUE(said) << "a 429 has no Retry-After";
         }
       }});
}

/// Answers of every kind, to look for warnings; to overwrite a referrers tag by hand is what a registry may warn of.
std::vector<http::Response> some_answers(Context& t) {
  const auto image = t.pushed_image();
  const auto digest = image.digest().str();
  auto& registry = t.registry();
  const auto tag = oci::referrers_tag(digest);
  const auto empty = oci::IndexBuilder().build();
  const auto listing = oci::IndexBuilder().manifest(image.descriptor()).build();
  return {registry.ping().value(),
          registry.put_manifest(t.repository(), tag, empty).value(),
          registry.put_manifest(t.repository(), tag, listing).value(),
          registry.get_manifest(t.repository(), digest).value(),
          registry.head_manifest(t.repository(), digest).value(),
          registry.get_blob(t.repository(), image.blobs.front().digest().str()).value(),
          registry.get_blob(t.repository(), t.absent_digest().str()).value(),
          registry.start_upload(t.repository()).value()};
}

void warnings(Catalogue& catalogue) {
  catalogue.add({.id = "oci-1.1/api/warning-form",
                 .title = "A warning has code 299, no agent and no date",
                 .how = "Reads the Warning headers of pushes, pulls and errors. Most registries send none.",
                 .requirements = {"dist.warning.form", "O.warn"},
                 .needs = {},
                 .after = {kManifestByDigest},
                 .kills = {"r.warn.wrong-code", "r.warn.agent", "r.warn.date"},
                 .tags = {"api", "warnings"},
                 .body = [](Context& t) {
                   const std::string one = R"(299 - "([^"\]|\\.)*")";
                   for (const auto& answer : some_answers(t)) {
                     EXPECT_THAT(answer.headers.all("Warning"),
                                 testing::Each(testing::MatchesRegex(one + "( *, *" + one + ")*")));
                   }
                 }});
  catalogue.add({.id = "oci-1.1/api/warning-size",
                 .title = "The warnings of an answer have at most 4096 bytes together",
                 .how = "Adds up the Warning headers of pushes, pulls and errors.",
                 .requirements = {"dist.warning.size", "O.warn"},
                 .needs = {},
                 .after = {kManifestByDigest},
                 .kills = {"r.warn.too-big"},
                 .tags = {"api", "warnings"},
                 .body = [](Context& t) {
                   for (const auto& answer : some_answers(t)) {
                     std::size_t bytes = 0;
                     for (const auto& warning : answer.headers.all("Warning")) bytes += warning.size();
                     EXPECT_TRUE(bytes <= 4096) << "the Warning headers of one answer have " << bytes << " bytes";
                   }
                 }});
}

}  // namespace

void register_api(Catalogue& catalogue) {
  endpoints(catalogue);
  warnings(catalogue);
}

}  // namespace referee::suites::distribution
