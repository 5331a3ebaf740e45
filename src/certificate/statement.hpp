#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "referee/certificate/certificate.hpp"
#include "referee/certificate/runtime_run.hpp"

namespace referee::certificate {

/// What the predicate says beside what a run tells.
struct Terms {
  std::string issued;   ///< RFC 3339
  std::string expires;  ///< RFC 3339
};

/// The predicate: the same for the same run, claims and terms, so that whoever has judged again can compare.
nlohmann::ordered_json predicate_value(const conformance::RecordedRun& recorded, const conformance::Run& run,
                                       const std::vector<Claim>& claims, const conformance::Catalogue& catalogue,
                                       const Terms& terms);

/// The same for a runtime. The run has one.
nlohmann::ordered_json runtime_predicate(const RuntimeRun& run, const Claim& claim, const Terms& terms);

// Parts of both.
nlohmann::ordered_json tool_entry(const std::string& version, const std::string& commit, const Terms& terms);
nlohmann::ordered_json digest_value(const std::string& text);
/// RFC 3339 of seconds since the Unix epoch.
std::string time_text(double seconds);

/// The Statement around it; `subjects`: names and digests.
nlohmann::ordered_json statement_value(const std::vector<std::pair<std::string, std::string>>& subjects,
                                       nlohmann::ordered_json predicate);

/// "PASSED", or "WARNED" if a SHOULD was not met.
std::string result_of(const std::vector<Claim>& claims);

/// "push: fail oci-1.1/...", of each profile that the run could have shown and does not.
std::vector<std::string> not_claimed(const conformance::Run& run, const std::vector<Claim>& claims,
                                     const conformance::Catalogue& catalogue);

/// Whether there are changes that are in no commit, or no commit is known.
bool dirty(const std::string& commit);

/// The artifact that holds the files, which must not have the certificate among them.
oci::Package submission_image(const std::map<std::string, std::string>& files);

// The texts of a submission.
/// What was judged, where the vendor has not said it.
struct Described {
  std::string name;
  std::string type;  ///< of the OCI certification: distribution, runtime
  std::string text;
};
std::string product_yaml(const Product& product, const Described& described);
/// What product_yaml() wrote: the vendor's own words, which nothing else tells. Fails with one line on anything else.
tl::expected<Product, std::string> read_product_yaml(std::string_view text);
/// PRODUCT.yaml, README.md, badge.svg and badge.json, by their names.
std::map<std::string, std::string> submission_texts(const Rejudged& rejudged, const std::vector<Claim>& claims,
                                                    const conformance::Catalogue& catalogue, const Product& product,
                                                    const Terms& terms);
std::map<std::string, std::string> runtime_texts(const RuntimeRun& run, const Claim& claim, const Product& product,
                                                 const Terms& terms);

}  // namespace referee::certificate
