#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "referee/certificate/certificate.hpp"
#include "referee/reports/escape.hpp"

namespace referee::certificate {
namespace {

using reports::html_text;

/// Verdana's digits and small letters at 11 px are about that wide.
std::size_t width_of(std::string_view text) {
  constexpr std::size_t kCharacter = 7;
  constexpr std::size_t kPadding = 12;
  return text.size() * kCharacter + kPadding;
}

}  // namespace

std::string badge_svg(std::string_view label, std::string_view message) {
  const auto left = width_of(label);
  const auto right = width_of(message);
  // White on these has a contrast of more than 4.5 to 1.
  constexpr std::string_view kDark = "#555";
  constexpr std::string_view kGreen = "#1a7f37";
  const auto text = [](std::size_t middle, std::string_view words, std::size_t width) {
    return fmt::format(R"(<text x="{}" y="14" textLength="{}">{}</text>)", middle, width - 10, html_text(words));
  };
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"20\" role=\"img\" aria-label=\"{1}: {2}\">"
      "<title>{1}: {2}</title>"
      "<rect width=\"{3}\" height=\"20\" fill=\"{4}\"/><rect x=\"{3}\" width=\"{5}\" height=\"20\" fill=\"{6}\"/>"
      "<g fill=\"#fff\" text-anchor=\"middle\" font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\">{7}{8}"
      "</g></svg>\n",
      left + right, html_text(label), html_text(message), left, kDark, right, kGreen, text(left / 2, label, left),
      text(left + right / 2, message, right));
}

std::string badge_json(std::string_view label, std::string_view message) {
  nlohmann::ordered_json value;
  value["schemaVersion"] = 1;
  value["label"] = label;
  value["message"] = message;
  value["color"] = "1a7f37";
  return value.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace referee::certificate
