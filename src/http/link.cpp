#include <optional>

#include "referee/http/message.hpp"
#include "referee/http/url.hpp"
#include "scanner.hpp"

namespace referee::http {
namespace {

struct Link {
  std::string target;
  std::optional<std::string> rel;
  bool anchored = false;
};

/// One link-value of RFC 8288, section 3; false when the text does not follow its grammar.
bool read_link(Scanner& scan, Link& link) {
  if (!scan.eat('<')) return false;
  const auto target = scan.until('>');
  if (!target) return false;
  link.target = std::string(*target);
  while (true) {
    scan.space();
    if (!scan.eat(';')) return true;
    scan.space();
    const auto name = scan.token();
    if (name.empty()) continue;  // an empty parameter is allowed by the grammar
    scan.space();
    std::string value;
    if (scan.eat('=')) {
      scan.space();
      auto read = scan.value();
      if (!read) return false;
      value = std::move(*read);
    }
    // Section 3.3: only the first rel counts. Section 3.2: an anchor gives the link another context than this page.
    if (iequals(name, "rel") && !link.rel) link.rel = value;
    if (iequals(name, "anchor")) link.anchored = true;
  }
}

bool has_relation(std::string_view relations, std::string_view wanted) {
  while (!relations.empty()) {
    const auto end = relations.find_first_of(" \t");
    if (iequals(relations.substr(0, end), wanted)) return true;
    if (end == std::string_view::npos) break;
    relations.remove_prefix(end + 1);
  }
  return false;
}

}  // namespace

std::string link_next(std::string_view header) {
  Scanner scan(header);
  while (true) {
    scan.space();
    while (scan.eat(',')) scan.space();
    if (scan.done()) return "";
    Link link;
    if (!read_link(scan, link)) return "";
    scan.space();
    if (!scan.done() && !scan.eat(',')) return "";
    if (link.rel && !link.anchored && has_relation(*link.rel, "next")) return link.target;
  }
}

}  // namespace referee::http
