#include "challenge.hpp"

#include "scanner.hpp"

namespace referee::http {
namespace {

constexpr std::size_t kMostChallenges = 32;
constexpr std::size_t kMostParameters = 64;

/// `name = value`, with the white space that RFC 9110 calls bad but allows; leaves the scanner alone when it is none.
bool read_parameter(Scanner& scan, Challenge& challenge) {
  Scanner ahead = scan;
  const auto name = ahead.token();
  if (name.empty()) return false;
  ahead.space();
  if (!ahead.eat('=')) return false;
  ahead.space();
  auto value = ahead.value();
  if (!value) return false;
  if (challenge.parameters.size() < kMostParameters) {
    challenge.parameters.emplace_back(std::string(name), std::move(*value));
  }
  scan = ahead;
  return true;
}

bool token68_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~+/").find(c) != std::string_view::npos;
}

/// token68 stands alone: it is followed by the end or a comma.
bool read_token68(Scanner& scan, Challenge& challenge) {
  const auto rest = scan.rest();
  std::size_t length = 0;
  while (length < rest.size() && token68_character(rest[length])) ++length;
  if (length == 0) return false;
  while (length < rest.size() && rest[length] == '=') ++length;
  Scanner ahead(rest.substr(length));
  ahead.space();
  if (!ahead.done() && !ahead.rest().starts_with(',')) return false;
  challenge.token68 = std::string(rest.substr(0, length));
  scan = ahead;
  return true;
}

/// The comma-separated parameters of one challenge. A comma is also what separates challenges: it belongs to this one
/// only when `name=` follows.
void read_parameters(Scanner& scan, Challenge& challenge) {
  if (!read_parameter(scan, challenge)) {
    read_token68(scan, challenge);
    return;
  }
  while (true) {
    Scanner ahead = scan;
    ahead.space();
    if (!ahead.eat(',')) return;
    do {
      ahead.space();
    } while (ahead.eat(','));
    if (!read_parameter(ahead, challenge)) return;
    scan = ahead;
  }
}

void parse_field(std::string_view field, std::vector<Challenge>& challenges) {
  Scanner scan(field);
  while (challenges.size() < kMostChallenges) {
    scan.space();
    while (scan.eat(',')) scan.space();
    const auto scheme = scan.token();
    if (scheme.empty()) return;
    Challenge challenge;
    challenge.scheme = std::string(scheme);
    if (!scan.done() && !scan.rest().starts_with(',')) {
      if (!scan.rest().starts_with(' ') && !scan.rest().starts_with('\t')) return;
      scan.space();
      read_parameters(scan, challenge);
    }
    challenges.push_back(std::move(challenge));
    scan.space();
    if (!scan.done() && !scan.rest().starts_with(',')) return;
  }
}

}  // namespace

std::string Challenge::parameter(std::string_view name) const {
  for (const auto& [key, value] : parameters) {
    if (iequals(key, name)) return value;
  }
  return "";
}

std::vector<Challenge> parse_challenges(const Headers& headers) {
  std::vector<Challenge> challenges;
  for (const auto& [name, value] : headers) {
    if (iequals(name, "WWW-Authenticate")) parse_field(value, challenges);
  }
  return challenges;
}

}  // namespace referee::http
