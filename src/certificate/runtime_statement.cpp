#include <fmt/format.h>

#include <algorithm>

#include "referee/http/exchange.hpp"
#include "statement.hpp"
#include "submission.hpp"

namespace referee::certificate {
namespace {

using nlohmann::ordered_json;

const conformance::MatrixColumn& column_of(const RuntimeRun& run) {
  return run.matrix.columns.front();
}

std::string versions_of(const conformance::MatrixColumn& column) {
  if (column.daemon_version.empty()) return column.client_version;
  return fmt::format("{}, daemon {}", column.client_version, column.daemon_version);
}

std::string readme(const RuntimeRun& run, const Claim& claim, const Product& product, const Terms& terms) {
  const auto& column = column_of(run);
  const auto name = product.name.empty() ? column.name : product.name;
  std::string text = fmt::format(
      "# Conformance of {}\n\n"
      "Judged by Referee {} (commit {}): which image {} ({}) takes of {} crafted references, by the rules of the OCI "
      "image-spec for indexes, as {}. Certified {} until {}.\n\n"
      "| profile | passed | warned | unsupported | observed |\n|---|---|---|---|---|\n"
      "| Runtime | {} | {} | {} | {} |\n",
      plain(name), run.tool_version, run.commit, plain(column.name), plain(versions_of(column)), run.matrix.rows.size(),
      plain(run.matrix.platform), terms.issued, terms.expires, claim.passed.size(), claim.warned.size(),
      claim.unsupported.size(), claim.observed.size());
  list_lines(text, "It takes them as these readings of the image-spec do:", column.behaves);
  list_lines(text, "A SHOULD is not met by what it does with:", claim.warned);
  list_lines(text, "Not tried:", claim.unsupported);
  list_lines(text, "Only observed, since the specification leaves it open:", claim.observed);
  list_lines(text, "It left behind, and Referee removed:", column.leftovers);
  text += fmt::format(
      "\n## Reproduce\n\nThe same contents, byte for byte:\n\n"
      "    referee runtime {} --platform {} --seed {} --pull-timeout {}{}\n\n"
      "It was driven as its description says, whose digest is {}: `referee list runtimes` shows those of Referee.\n",
      http::shell_word(column.name), http::shell_word(run.matrix.platform), run.matrix.seed, run.limit,
      run.matrix.full ? " --full" : "", run.description);
  return text + verify_lines("judges `pulls.jsonl`, what each pull did, once more");
}

}  // namespace

ordered_json runtime_predicate(const RuntimeRun& run, const Claim& claim, const Terms& terms) {
  const auto& column = column_of(run);
  ordered_json predicate;
  predicate["result"] = result_of({claim});
  auto& configuration = predicate["configuration"] = ordered_json::array();
  configuration.push_back(tool_entry(run.tool_version, run.commit, terms));

  ordered_json contents{{"name", "contents"}, {"digest", digest_value(run.contents)}};
  contents["annotations"] = {
      {"profiles", {claim.profile}},     {"unsupported", claim.unsupported},        {"observed", claim.observed},
      {"platform", run.matrix.platform}, {"seed", std::to_string(run.matrix.seed)}, {"full", run.matrix.full}};
  configuration.push_back(std::move(contents));

  ordered_json runtime{{"name", "runtime"}, {"digest", digest_value(run.description)}};
  runtime["annotations"] = {{"runtime", column.name},
                            {"client_version", column.client_version},
                            {"daemon_version", column.daemon_version},
                            {"pull_timeout", run.limit},
                            {"started", time_text(run.matrix.started)}};
  configuration.push_back(std::move(runtime));

  predicate["passedTests"] = claim.passed;
  predicate["warnedTests"] = claim.warned;
  predicate["failedTests"] = ordered_json::array();
  return predicate;
}

std::map<std::string, std::string> runtime_texts(const RuntimeRun& run, const Claim& claim, const Product& given,
                                                 const Terms& terms) {
  const auto& column = column_of(run);
  const Described described{column.name, "runtime", fmt::format("{} {}", column.name, versions_of(column))};
  const auto yaml = product_yaml(given, described);
  const auto product = read_product_yaml(yaml).value_or(given);
  constexpr std::string_view kLabel = "OCI image index";
  return {{"PRODUCT.yaml", yaml},
          {"README.md", readme(run, claim, product, terms)},
          {"badge.svg", badge_svg(kLabel, claim.profile)},
          {"badge.json", badge_json(kLabel, claim.profile)}};
}

}  // namespace referee::certificate
