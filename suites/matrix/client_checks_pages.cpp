#include <fmt/format.h>

#include "client_judges.hpp"

/// Lists that come in pages.
namespace referee::suites::clients {
namespace {

using runtimes::Operation;

Finding lists_all_tags(const Evidence& seen) {
  if (!seen.succeeded()) return failed("it failed, although everything was in order");
  for (const auto* tag : {"v1", "v2", "v3", "v4", "v5"}) {
    if (!printed_word(seen, tag)) return wrong(fmt::format("{} of five tags is missing from its list", tag));
  }
  return right();
}

Finding lists_all_referrers(const Evidence& seen) {
  if (!seen.succeeded()) return failed("it failed, although everything was in order");
  for (const auto* label : {"first", "second", "other"}) {
    if (!printed(seen, label)) return wrong("one of three referrers is missing from its list");
  }
  return right();
}

ClientCheck tags(std::string id, std::string about, std::string requirement, std::vector<std::string> deviations) {
  return {.id = std::move(id),
          .about = std::move(about),
          .requirements = {std::move(requirement)},
          .expected = "all tags",
          .operation = Operation::kTags,
          .content = many_tags,
          .scene = {.deviations = std::move(deviations)},
          .judge = lists_all_tags};
}

ClientCheck referrers(std::string id, std::string about, std::string requirement, std::vector<std::string> deviations) {
  return {.id = std::move(id),
          .about = std::move(about),
          .requirements = {std::move(requirement)},
          .expected = "all referrers",
          .operation = Operation::kDiscover,
          .content = some_referrers,
          .scene = {.deviations = std::move(deviations)},
          .judge = lists_all_referrers};
}

ClientCheck bounded(ClientCheck check) {
  check.expected = "an end";
  check.judge = comes_to_an_end;
  check.bounded = true;
  return check;
}

}  // namespace

void add_page_checks(Checks& to) {
  const std::string tag_pages = "client.tags.pages";
  const std::string referrer_pages = "client.referrers.pages";
  const std::string bound = "client.pages.bounded";
  to.push_back(tags("tags-pages", "The tags come two a page, with Link.", tag_pages, {"v.early-paging"}));
  to.push_back(tags("tags-link-absolute", "The tags come two a page, and Link is absolute.", tag_pages,
                    {"v.early-paging", "v.link-absolute"}));
  to.push_back(tags("tags-link-parameters", "The tags come two a page, and Link has more parameters than rel.",
                    tag_pages, {"v.early-paging", "v.link-extra"}));
  to.push_back(bounded(
      tags("tags-loop", "Each page of the tags links to the first.", bound, {"v.early-paging", "r.tags.link-loop"})));
  to.push_back(
      bounded(tags("tags-endless", "Each page of the tags links to a new one.", bound, {"l.tags.link-endless"})));
  to.push_back(referrers("referrers-pages", "The referrers come one a page, with Link.", referrer_pages,
                         {"v.early-paging-referrers"}));
  to.push_back(referrers("referrers-link-absolute", "The referrers come one a page, and Link is absolute.",
                         referrer_pages, {"v.early-paging-referrers", "v.link-absolute"}));
  to.push_back(referrers("referrers-link-parameters",
                         "The referrers come one a page, and Link has more parameters than rel.", referrer_pages,
                         {"v.early-paging-referrers", "v.link-extra"}));
  to.push_back(bounded(referrers("referrers-loop", "Each page of the referrers links to the first.", bound,
                                 {"v.early-paging-referrers", "r.ref.link-loop"})));
  to.push_back(bounded(
      referrers("referrers-endless", "Each page of the referrers links to a new one.", bound, {"l.ref.link-endless"})));
}

}  // namespace referee::suites::clients
