#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "bench_sample.hpp"
#include "referee/reports/bench.hpp"
#include "sample.hpp"
#include "tools.hpp"

// The page in a real browser: what stands in the document after its script ran.
namespace referee::selftest {
namespace {

using testing::HasSubstr;
using testing::Not;

class Browser : public testing::Test {
 protected:
  void SetUp() override {
    const auto found = find_program("chromium");
    if (!found) GTEST_SKIP() << "chromium is absent";
    chromium_ = *found;
  }
  void write(const conformance::Run& run) {
    write_text(folder_.path() + "/report.html", reports::html_report(run, sample_.book()));
  }

  /// What the browser complains about in the page: of a style whose hash is wrong, for instance.
  [[nodiscard]] std::string complaints() const { return read_text(folder_.path() + "/complaints"); }

  /// The document as the browser has it, without the embedded data.
  std::string document(const std::string& fragment = "") {
    const auto output =
        run_command("HOME=" + folder_.path() + " timeout 60 " + chromium_ +
                    " --headless --no-sandbox --disable-gpu --disable-quic --disable-dev-shm-usage --no-first-run "
                    "--disable-background-networking --disable-component-update --disable-sync --user-data-dir=" +
                    folder_.path() + "/profile --virtual-time-budget=2000 --enable-logging=stderr --dump-dom 'file://" +
                    folder_.path() + "/report.html" + fragment + "' 2>" + folder_.path() + "/complaints");
    EXPECT_EQ(output.status, 0);
    const auto data = output.text.find("<script id=\"data\"");
    return output.text.substr(0, data);
  }
  /// Ids of the checks that are visible.
  static std::vector<std::string> visible(const std::string& document) {
    std::vector<std::string> ids;
    const std::regex check("<details class=\"check\"[^>]*>");
    for (std::sregex_iterator each(document.begin(), document.end(), check), end; each != end; ++each) {
      const auto tag = each->str();
      if (tag.find(" hidden=") != std::string::npos) continue;
      const auto at = tag.find(" id=\"c/") + 7;
      ids.push_back(tag.substr(at, tag.find('"', at) - at));
    }
    return ids;
  }

  Sample sample_;
  TemporaryFolder folder_;
  std::string chromium_;
};

TEST_F(Browser, ShowsEveryCheckAndHostileTextAsText) {
  auto run = sample_.copy();
  run.info.target = run.info.url = run.info.name_space = kHostile;
  run.checks[0].raw.id = kHostile;
  run.checks[6].reason = kHostile;
  write(run);
  const auto page = document();
  EXPECT_EQ(visible(page).size(), run.checks.size()) << "the script ran to its end";
  for (const auto* part :
       {"Does not conform: 1 check fails", ">10 checks</p>", "Blocks 2 other checks", "<code>tag-delete</code>",
        "status 404", "distribution-spec 1.1", "18446744073709551615", "&lt;img src=x onerror="}) {
    EXPECT_THAT(page, HasSubstr(part));
  }
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, Not(HasSubstr("<script>window")));
}

TEST_F(Browser, FiltersComeFromTheAddress) {
  write(sample_.run());
  EXPECT_THAT(visible(document("#verdict=fail")), testing::ElementsAre("oci-1.1/referrers/empty-list"));
  EXPECT_THAT(visible(document("#level=MAY&section=oci-1.1%3A%20Pushing%20blobs&q=sha512%20BLOB")),
              testing::ElementsAre("oci-1.1/push/sha512"));
  const auto none = document("#q=nothing-has-this-text");
  EXPECT_THAT(visible(none), testing::IsEmpty());
  EXPECT_THAT(none, HasSubstr("Nothing matches these filters"));
}

TEST_F(Browser, ADeepLinkOpensItsCheck) {
  write(sample_.run());
  const auto page = document("#oci-1.1/referrers/empty-list");
  EXPECT_TRUE(std::regex_search(
      page, std::regex(R"(<details class="check" id="c/oci-1.1/referrers/empty-list"[^>]* open="")")));
  for (const auto* part : {"https://example.org/v1.1/spec.md#listing-referrers",
                           "Without referrers the list is empty &amp; &lt;valid&gt;.", "<pre>curl ", ">Copy</button>",
                           "Transcript (2 exchanges)"}) {
    EXPECT_THAT(page, HasSubstr(part));
  }
}

TEST_F(Browser, ARunThatWasCutEarlyIsAPageWithANotice) {
  conformance::Run run;
  run.info.selected = 77;
  write(run);
  const auto page = document();
  EXPECT_THAT(page, HasSubstr("This run is not complete: 0 of 77 checks have a verdict."));
  EXPECT_THAT(page, HasSubstr("Nothing judged yet."));
}

TEST_F(Browser, ChartsAreThereAndHostileTextIsText) {
  auto results = sample_results();
  results.front().target = results.front().findings.front() = results.front().charts.front().panel = kHostile;
  results.front().charts.front().series.front().name = kHostile;
  write_text(folder_.path() + "/report.html", reports::bench_html(results));
  const auto page = document();
  const std::regex drawing("<svg [^>]*viewBox=");
  EXPECT_EQ(std::distance(std::sregex_iterator(page.begin(), page.end(), drawing), std::sregex_iterator()), 7);
  EXPECT_THAT(page, HasSubstr("&lt;img src=x onerror="));
  EXPECT_THAT(page, Not(HasSubstr("<img")));

  EXPECT_THAT(complaints(), Not(HasSubstr("Content Security Policy")));
}

}  // namespace
}  // namespace referee::selftest
