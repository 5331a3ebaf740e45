#include <fmt/format.h>

#include <set>

#include "referee/conformance/context.hpp"
#include "statement.hpp"
#include "submission.hpp"

namespace referee::certificate {
namespace {

/// A text in YAML's double quotes, whose escapes are JSON's.
std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

std::string submission_readme(const Rejudged& rejudged, const std::vector<Claim>& claims,
                              const conformance::Catalogue& catalogue, const Product& product, const Terms& terms) {
  const auto& info = rejudged.run.info;
  const auto& recorded = rejudged.recorded;
  std::string text = fmt::format(
      "# Conformance of {}\n\n"
      "Judged by Referee {} (commit {}) at {} by version {} of the OCI distribution-spec. Certified {} until {}.\n\n"
      "| profile | passed | warned | unsupported | observed |\n|---|---|---|---|---|\n",
      plain(product.name.empty() ? info.target : product.name), recorded.tool_version, recorded.commit, plain(info.url),
      conformance::name(info.spec), terms.issued, terms.expires);
  // Each once: profiles share some.
  std::set<std::string> unsupported;
  std::set<std::string> observed;
  for (const auto& claim : claims) {
    text += fmt::format("| {} | {} | {} | {} | {} |\n", find_profile(claim.profile)->title, claim.passed.size(),
                        claim.warned.size(), claim.unsupported.size(), claim.observed.size());
    unsupported.insert(claim.unsupported.begin(), claim.unsupported.end());
    observed.insert(claim.observed.begin(), claim.observed.end());
  }
  list_lines(text, "Not claimed:", not_claimed(rejudged.run, claims, catalogue));
  list_lines(text, "Not supported by the registry, which the specification allows:", unsupported);
  list_lines(text, "Only observed, since the specification leaves it open:", observed);
  text +=
      fmt::format("\n## Reproduce\n\nThe same requests to the registry:\n\n    {}\n", conformance::check_command(info));
  return text + verify_lines("judges `recording.jsonl`, every answer that the registry gave, once more");
}

std::string names_of(const std::vector<Claim>& claims) {
  std::string names;
  for (const auto& claim : claims) names += (names.empty() ? "" : ", ") + claim.profile;
  return names;
}

}  // namespace

std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) continue;
    if (std::string_view("\\`*_{}[]<>#|&").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string verify_lines(std::string_view judges) {
  return fmt::format(
      "\n## Verify\n\nAnywhere, with the public key of who certifies:\n\n"
      "    referee verify-certificate . --key key.pub\n\n"
      "checks the signature, and {}. The signature alone:\n\n"
      "    cosign verify-blob-attestation --key key.pub --bundle {} --type {} --insecure-ignore-tlog results.json\n",
      judges, kBundleFile, kPredicateType);
}

std::string product_yaml(const Product& product, const Described& described) {
  return fmt::format(
      "vendor: {}\nname: {}\nversion: {}\nwebsite_url: {}\ndocumentation_url: {}\ntype: {}\ndescription: {}\n",
      quoted(product.vendor), quoted(product.name.empty() ? described.name : product.name), quoted(product.version),
      quoted(product.website), quoted(product.documentation), described.type, quoted(described.text));
}

tl::expected<Product, std::string> read_product_yaml(std::string_view text) {
  Product product;
  std::string type;
  std::string description;
  for (auto [name, to] : {std::pair{"vendor", &product.vendor},
                          {"name", &product.name},
                          {"version", &product.version},
                          {"website_url", &product.website},
                          {"documentation_url", &product.documentation},
                          {"type", &type},
                          {"description", &description}}) {
    const auto end = text.find('\n');
    const auto begin = fmt::format("{}: ", name);
    if (end == std::string_view::npos || !text.starts_with(begin)) {
      return tl::unexpected(fmt::format("there is no line `{}` where it belongs", name));
    }
    const auto value = text.substr(begin.size(), end - begin.size());
    const auto read = nlohmann::json::parse(value, nullptr, false);
    if (to != &type && !read.is_string()) return tl::unexpected(fmt::format("`{}` is no text in quotes", name));
    *to = to == &type ? std::string(value) : read.get<std::string>();
    text.remove_prefix(end + 1);
  }
  if (!text.empty()) return tl::unexpected(std::string("there is more behind its last line"));
  return product;
}

std::map<std::string, std::string> submission_texts(const Rejudged& rejudged, const std::vector<Claim>& claims,
                                                    const conformance::Catalogue& catalogue, const Product& given,
                                                    const Terms& terms) {
  const auto& info = rejudged.run.info;
  const auto yaml = product_yaml(given, {info.target, "distribution", "Registry at " + info.url});
  // As whoever verifies reads it: bytes that are no text have become others.
  const auto product = read_product_yaml(yaml).value_or(given);
  const auto label = fmt::format("OCI distribution {}", conformance::name(info.spec));
  return {{"PRODUCT.yaml", yaml},
          {"README.md", submission_readme(rejudged, claims, catalogue, product, terms)},
          {"badge.svg", badge_svg(label, names_of(claims))},
          {"badge.json", badge_json(label, names_of(claims))}};
}

}  // namespace referee::certificate
