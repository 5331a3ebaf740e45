#include <fmt/format.h>

#include <string_view>
#include <utility>
#include <vector>

#include "html_parts.hpp"
#include "referee/embedded/files.hpp"
#include "referee/oci/digest.hpp"
#include "referee/reports/writers.hpp"
#include "text.hpp"

namespace referee::reports {
namespace {

std::string_view page_file(std::string_view name) {
  return embedded::file(fmt::format("reports/page/{}", name)).value_or(std::string_view());
}

/// Base64 of bytes that are written as hex.
std::string base64_of_hex(std::string_view hex) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto nibble = [](char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); };
  std::string out;
  // Twelve bits, three hex characters, are two base64 characters.
  for (std::size_t index = 0; index < hex.size(); index += 3) {
    unsigned bits = 0;
    for (std::size_t at = index; at < index + 3; ++at) bits = (bits << 4U) | (at < hex.size() ? nibble(hex[at]) : 0U);
    out += kAlphabet[bits >> 6U];
    if (index + 1 < hex.size()) out += kAlphabet[bits & 63U];
  }
  while (out.size() % 4 != 0) out += '=';
  return out;
}

/// Puts values into `{{name}}` in one pass: a value is never searched for further names.
std::string filled(std::string_view page, const std::vector<std::pair<std::string_view, std::string_view>>& values) {
  std::string out;
  while (true) {
    const auto open = page.find("{{");
    const auto close = open == std::string_view::npos ? open : page.find("}}", open);
    out += page.substr(0, open);
    if (close == std::string_view::npos) return out;
    const auto name = page.substr(open + 2, close - open - 2);
    for (const auto& [key, value] : values) {
      if (key == name) out += value;
    }
    page.remove_prefix(close + 2);
  }
}

}  // namespace

std::string source_hash(std::string_view text) {
  return fmt::format("'sha256-{}'", base64_of_hex(oci::Digest::of(text).encoded()));
}

std::string html_report(const conformance::Run& run, const Book& book) {
  const auto style = page_file("report.css");
  const auto script = page_file("report.js");
  // Only this style and this script run, nothing is loaded, and nothing is sent.
  const auto csp =
      fmt::format("default-src 'none'; style-src {}; script-src {}; img-src data:; base-uri 'none'; form-action 'none'",
                  source_hash(style), source_hash(script));
  const auto title = html_text(clip("Referee: " + run.info.target, 300));
  const auto plain = html_static(run, book);
  const auto data = html_data(run, book);
  return filled(
      page_file("report.html"),
      {{"csp", csp}, {"title", title}, {"style", style}, {"script", script}, {"static", plain}, {"data", data}});
}

}  // namespace referee::reports
