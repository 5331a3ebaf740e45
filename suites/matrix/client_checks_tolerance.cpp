#include "client_judges.hpp"

/// What a registry may do, and few do: an image is pulled all the same.
namespace referee::suites::clients {

void add_tolerance_checks(Checks& to) {
  struct Variant {
    const char* id;
    const char* about;
    const char* requirement;
    std::vector<std::string> deviations;
  };
  const std::vector<Variant> variants{
      {"pull-chunked",
       "Answers come in chunked coding, without Content-Length.",
       "client.http",
       {"v.chunked-responses"}},
      {"pull-lower-case", "Names of headers are in lower case.", "client.http", {"v.lowercase-headers"}},
      {"pull-no-etag", "There are no entity tags.", "client.optional-headers", {"v.no-etag"}},
      {"pull-no-ranges", "Range has no effect.", "client.optional-headers", {"v.range-ignored"}},
      {"pull-no-digest-header",
       "Nothing has a Docker-Content-Digest.",
       "client.optional-headers",
       {"r.get.no-digest-header", "r.head.manifest-no-digest-header", "r.blob.no-digest-header",
        "r.head.blob-no-digest-header"}},
      {"pull-no-content-length",
       "HEAD has no Content-Length.",
       "client.optional-headers",
       {"r.head.no-content-length"}},
  };
  for (const auto& variant : variants) {
    to.push_back({.id = variant.id,
                  .about = std::string("An image is pulled. ") + variant.about,
                  .requirements = {variant.requirement},
                  .expected = "pulled",
                  .content = one_image,
                  .scene = {.deviations = variant.deviations},
                  .judge = must_succeed});
  }
}

const std::vector<ClientCheck>& client_checks() {
  static const std::vector<ClientCheck> kAll = [] {
    std::vector<ClientCheck> all;
    add_content_checks(all);
    add_header_checks(all);
    add_tolerance_checks(all);
    add_access_checks(all);
    add_patience_checks(all);
    add_page_checks(all);
    add_discovery_checks(all);
    add_attach_checks(all);
    add_push_checks(all);
    add_copy_checks(all);
    return all;
  }();
  return kAll;
}

}  // namespace referee::suites::clients
