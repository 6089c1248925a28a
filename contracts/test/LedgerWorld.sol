// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CommunityDao} from "../CommunityDao.sol";
import {ITerraLuminaOwnership} from "../ITerraLuminaOwnership.sol";
import {TerraLuminaOwnership} from "../TerraLuminaOwnership.sol";
import {TerraLuminaVault} from "../TerraLuminaVault.sol";
import {TestUsdc} from "../TestUsdc.sol";

/// @dev Everything deployed, this contract holding every role, four eligible holders, one open project.
contract LedgerWorld {
    uint24 public constant PROJECT = 1;
    uint56 public constant CAP = 1_000_000;
    uint40 public constant NOTICE = 30 days;

    TerraLuminaOwnership public ledger;
    TerraLuminaVault public vault;
    TestUsdc public token;
    CommunityDao public dao;
    address[] public holders;

    constructor() {
        ledger = new TerraLuminaOwnership(address(this), NOTICE);
        vault = new TerraLuminaVault(address(this), ledger);
        token = new TestUsdc();
        dao = new CommunityDao(0, new address[](0), new address[](0), address(0));
        ledger.grantRole(ledger.PROJECT_ROLE(), address(this));
        ledger.grantRole(ledger.MINTER_ROLE(), address(this));
        ledger.grantRole(ledger.REGISTRAR_ROLE(), address(this));
        ledger.grantRole(ledger.EXIT_ROLE(), address(this));
        ledger.grantRole(ledger.VAULT_ROLE(), address(vault));
        vault.grantRole(vault.DISTRIBUTOR_ROLE(), address(this));
        token.mint(address(this), type(uint128).max);
        token.approve(address(vault), type(uint256).max);
        for (uint160 i = 1; i <= 4; ++i) {
            holders.push(address(0xA11CE000 + i));
            ledger.setAccount(holders[i - 1], ITerraLuminaOwnership.Account(3, type(uint40).max, 276, 0, uint64(i)));
        }
        ledger.createProject(
            PROJECT, ITerraLuminaOwnership.ProjectTerms(CAP, 0, 0, address(token), 0, bytes32(uint256(1)), "ipfs://x")
        );
    }

    function holderAt(uint256 seed) public view returns (address) {
        return holders[seed % holders.length];
    }

    function sumOfBalances() public view returns (uint256 sum) {
        for (uint256 i = 0; i < holders.length; ++i) sum += ledger.balanceOf(holders[i], PROJECT);
        sum += ledger.balanceOf(address(dao), PROJECT);
    }
}
