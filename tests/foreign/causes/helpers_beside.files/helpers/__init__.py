from helpers.tools import same
