#include "text.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "sample.hpp"

namespace referee::reports {
namespace {

TEST(Text, InvalidUtf8IsReplacedByteByByte) {
  EXPECT_EQ(valid_utf8("a\xff"
                       "b"),
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(valid_utf8("\xc0\xaf"), "\xef\xbf\xbd\xef\xbf\xbd") << "overlong slash";
  EXPECT_EQ(valid_utf8("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd") << "surrogate";
  EXPECT_EQ(valid_utf8("\xf4\x90\x80\x80").size(), 12U) << "beyond Unicode";
  EXPECT_EQ(valid_utf8("\xe2\x82"), "\xef\xbf\xbd\xef\xbf\xbd") << "cut at the end";
  EXPECT_EQ(valid_utf8("\xf0\x9f\x98\x80 \xe2\x82\xac \xc3\xa9"), "\xf0\x9f\x98\x80 \xe2\x82\xac \xc3\xa9");
}

TEST(Text, ClippingNeverCutsACharacter) {
  const std::string text = "ab\xe2\x82\xac\xe2\x82\xac";
  EXPECT_EQ(clip(text, 8), text);
  EXPECT_EQ(clip(text, 7), "ab\xe2\x82\xac… (3 bytes more)");
  EXPECT_EQ(clip(text, 3), "ab… (6 bytes more)");
  EXPECT_EQ(clip("\x80\x80\x80\x80", 2), "… (4 bytes more)");
}

TEST(Text, XmlHoldsNoForbiddenCharacter) {
  std::string every;
  for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte);
  every += "\xef\xbf\xbe\xef\xbf\xbf";
  const auto text = xml_text(every);
  for (std::size_t position = 0; position < text.size();) {
    const auto c = next_code_point(text, position);
    EXPECT_TRUE(c == 9 || c == 10 || c == 13 || (c >= 32 && c < 0xFFFE)) << static_cast<unsigned>(c);
  }
}

TEST(Text, HtmlEscapesMarkupAndQuotes) {
  EXPECT_EQ(html_text("<a href='x' b=\"&\">"), "&lt;a href=&#39;x&#39; b=&quot;&amp;&quot;&gt;");
}

TEST(Text, ReportsShowWhatWouldTurnTheirText) {
  // NOLINTBEGIN(misc-misleading-bidirectional): what is to be made visible
  EXPECT_EQ(xml_text("a\xe2\x80\xae"
                     "b"),
            "a\\u{202e}b");
  EXPECT_EQ(html_text("\xe2\x81\xa6<"), "\\u{2066}&lt;");
  // NOLINTEND(misc-misleading-bidirectional)
}

TEST(Text, TerminalSeesNoControls) {
  const auto text = terminal_text(selftest::kHostile);
  for (std::size_t position = 0; position < text.size();) {
    const auto c = next_code_point(text, position);
    EXPECT_GE(c, 0x20U);
    EXPECT_FALSE(c >= 0x7F && c < 0xA0);
    EXPECT_FALSE((c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069));
  }
  // NOLINTNEXTLINE(misc-misleading-bidirectional): what is to be made visible
  EXPECT_EQ(terminal_text("\x1b[31m\xff\n\xe2\x80\xae"), "\\x1b[31m\\xff\\n\\u{202e}");
  EXPECT_EQ(terminal_text("\xef\xbf\xbd"), "\xef\xbf\xbd") << "a replacement character that was sent is one";
}

TEST(Text, WidthsOfWideAndCombiningCharacters) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("\xe6\x97\xa5\xe6\x9c\xac"), 4U);
  EXPECT_EQ(display_width("e\xcc\x81"), 1U);
  EXPECT_EQ(display_width("\xf0\x9f\x98\x80"), 2U);
}

TEST(Text, FitNeverExceedsTheColumns) {
  EXPECT_EQ(fit("abcdef", 6), "abcdef");
  EXPECT_EQ(fit("abcdefg", 6), "abcde…");
  EXPECT_EQ(fit("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 5), "\xe6\x97\xa5\xe6\x9c\xac…");
  EXPECT_EQ(fit("abc", 0), "");
  const auto safe = terminal_text(selftest::kHostile);
  for (std::size_t columns = 1; columns < 200; ++columns) EXPECT_LE(display_width(fit(safe, columns)), columns);
}

TEST(Text, WrapBreaksAtBlanksAndCutsLongWords) {
  EXPECT_EQ(wrap("one two three", 8, 5), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(wrap("abcdefghijklmnop", 8, 5), (std::vector<std::string>{"abcdefgh", "ijklmnop"}));
  EXPECT_EQ(wrap("abcdefghijklmnop", 8, 1), (std::vector<std::string>{"abcdefg…"}));
  EXPECT_EQ(wrap("", 8, 3), (std::vector<std::string>{""}));
  const auto safe = terminal_text(selftest::kHostile);
  for (const auto& line : wrap(safe, 20, 50)) EXPECT_LE(display_width(line), 20U);
}

TEST(Text, Times) {
  EXPECT_EQ(iso_time(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(iso_time(1764007200.1256), "2025-11-24T18:00:00.126Z");
  EXPECT_EQ(iso_time(1.9999), "1970-01-01T00:00:02.000Z");
  EXPECT_EQ(iso_time(std::numeric_limits<double>::quiet_NaN()), "");
  EXPECT_EQ(iso_time(-1), "");
  EXPECT_EQ(iso_time(1e18), "");
  EXPECT_EQ(seconds_text(0.12549), "0.125");
  EXPECT_EQ(seconds_text(std::numeric_limits<double>::infinity()), "0.000");
}

TEST(HtmlCode, IsWhatStandsBetweenBackticks) {
  EXPECT_EQ(reports::html_code("`a<b>` and `c` & `d"), "<code>a&lt;b&gt;</code> and <code>c</code> &amp; `d");
  EXPECT_EQ(reports::html_code("<script>"), "&lt;script&gt;");
  EXPECT_EQ(reports::html_code("``"), "<code></code>");
}

}  // namespace
}  // namespace referee::reports
