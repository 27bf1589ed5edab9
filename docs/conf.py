"""How Sphinx makes the course's website of this folder; `python -m website` runs it (docs/decisions/013-website.md)."""

from website.addresses import repository

project = "Neural networks by hand"
author = "the maintainers"
language = "en"
extensions = ["myst_nb", "sphinx_design", "sphinx_copybutton", "sphinx_click", "website.extension"]

source_suffix = {".notebook.md": "myst-nb", ".md": "myst-nb"}  # the longer one first, or it would never be tried
nb_custom_formats = {".notebook.md": "website.notebooks.read"}
nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 4
suppress_warnings = ["myst.header"]  # the text of a notebook begins at the heading that its author likes

html_theme = "pydata_sphinx_theme"
html_math_renderer = "mathml"
html_title = project
html_static_path = ["_static"]
html_css_files = ["course.css"]
html_copy_source = False
html_use_index = False
html_show_sourcelink = False
html_theme_options = {
    "github_url": f"https://github.com/{repository()}" if repository() else "",
    "navbar_end": ["theme-switcher", "navbar-icon-links"],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_prev_next": True,
    "secondary_sidebar_items": ["page-toc"],
    "show_toc_level": 2,
}
html_sidebars = {"index": [], "reference/commands": []}
copybutton_exclude = ".linenos, .gp, .go"
